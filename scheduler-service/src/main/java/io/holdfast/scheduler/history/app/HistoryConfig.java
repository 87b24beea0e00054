package io.holdfast.scheduler.history.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the history of executions is kept. */
@ConfigMapping(prefix = "holdfast.scheduler.history")
public interface HistoryConfig {

    /** After its last step the history of an execution is kept for so long. At least one hour; the execution itself stays. */
    @WithDefault("P90D")
    Duration retention();
}
