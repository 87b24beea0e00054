package io.holdfast.scheduler.executions.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long workers may be silent. */
@ConfigMapping(prefix = "holdfast.scheduler.leases")
public interface LeaseConfig {

    /**
     * Time for a worker to answer a start command. Then the same command is sent again if workers have begun what was handed out later, and
     * again after ever longer times; what only waits in a long queue is left in it, but for the newest. At least 1 s. Sending twice does no
     * harm, a worker drops what it had, and a broker that lost its data is noticed without it: hence minutes.
     */
    @WithDefault("5m")
    Duration start();

    /** The longest time between two sendings of a start command. At least {@code start}. */
    @WithDefault("1h")
    Duration longestStart();

    /** Silence of a worker that has sent heartbeats after which it is taken for lost. Several heartbeats long. */
    @WithDefault("1m")
    Duration heartbeat();

    /** How often an execution is handed out before the loss of its worker fails it. At least 1. */
    @WithDefault("3")
    int attempts();
}
