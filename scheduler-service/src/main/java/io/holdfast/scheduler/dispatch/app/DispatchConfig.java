package io.holdfast.scheduler.dispatch.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How due executions are handed out. */
@ConfigMapping(prefix = "holdfast.scheduler.dispatch")
public interface DispatchConfig {

    /** False leaves due executions waiting. */
    @WithDefault("true")
    boolean enabled();

    /** Executions that one claim takes; also the most that one crash can have dispatched but not yet published. At least 1. */
    @WithDefault("500")
    int batch();
}
