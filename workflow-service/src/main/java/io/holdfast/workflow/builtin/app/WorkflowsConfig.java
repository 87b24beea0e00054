package io.holdfast.workflow.builtin.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How this service runs workflows. */
@ConfigMapping(prefix = "holdfast.workflow.built-in")
public interface WorkflowsConfig {

    /** Executions that run at once in this process; others wait for one of them to end. At least 1. */
    @WithDefault("8")
    int threads();

    /** How often a running execution says that it lives: several times within the scheduler's lease. At least a second. */
    @WithDefault("10s")
    Duration heartbeat();
}
