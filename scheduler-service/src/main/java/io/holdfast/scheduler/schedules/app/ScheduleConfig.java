package io.holdfast.scheduler.schedules.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How schedules are followed. */
@ConfigMapping(prefix = "holdfast.scheduler.schedules")
public interface ScheduleConfig {

    /** False leaves occurrences undecided; when it is true again, each schedule's catch-up policy says what becomes of them. */
    @WithDefault("true")
    boolean enabled();
}
