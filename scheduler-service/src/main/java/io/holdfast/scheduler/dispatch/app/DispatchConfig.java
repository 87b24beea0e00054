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

    /**
     * Executions that one claim takes, and start commands that the relay publishes at once. Twice as many can come twice after a crash;
     * fewer cost more each. At least 1.
     */
    @WithDefault("1000")
    int batch();

    /**
     * Start commands of claims go straight to the queue {@code workflow.commands}, by the broker's default exchange: routing them costs
     * it a third more. False: they go through the exchange {@code holdfast.commands}, where other queues can be bound to get copies.
     */
    @WithDefault("true")
    boolean direct();

    /**
     * How late a one-off execution may start that became due while nothing was dispatched, beyond a slip of one minute; later ones
     * fail as missed. What waits because others are in its way starts however late it is. At least 0.
     */
    @WithDefault("1h")
    Duration lateTolerance();
}
