package io.holdfast.workflow.bridge.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** Whether workers and listeners that speak the other product's messages are attached, and where they find the API. */
@ConfigMapping(prefix = "holdfast.workflow.bridge")
public interface BridgeConfig {

    /** True hands every started execution to an attached worker instead of failing it. It waits until one is there. */
    @WithDefault("false")
    boolean enabled();

    /** Host names or addresses at which workers reach this manager's API, as they see it from where they run. */
    @WithDefault("localhost")
    List<String> restHosts();

    /** The port of that API. */
    @WithDefault("8080")
    int restPort();

    /**
     * How long a worker may use the token that it gets with a plugin to install, from when the broker has it: a worker that comes to it
     * later is refused. Longer than downloading and installing take, with what is in the worker's queue before it; more than zero.
     */
    @WithDefault("PT1H")
    Duration pluginTokenLifetime();

    /**
     * Whether hooks carry a token that lives as long, by which the product's own hook runner finds and installs the plugin of a hook. Whoever
     * may bind a queue to {@code cloudify-events-topic} reads it, and can see the execution, see and fetch the plugins of its tenant, and
     * say how far they are installed; hence not by default.
     */
    @WithDefault("false")
    boolean hookTokens();
}
