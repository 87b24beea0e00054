package io.holdfast.scheduler.dispatch.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How due executions are handed out. */
@ConfigMapping(prefix = "holdfast.scheduler.dispatch")
public interface DispatchConfig {

    /** False leaves due executions waiting. */
    @WithDefault("true")
    boolean enabled();

    /** Executions that one claim takes; also the most that one crash can have dispatched but not yet published. At least 1. */
    @WithDefault("500")
    int batch();

    /**
     * How late a one-off execution may start that became due while nothing was dispatched, beyond a slip of one minute; later ones
     * fail as missed. What waits because others are in its way starts however late it is. At least 0.
     */
    @WithDefault("1h")
    Duration lateTolerance();
}
