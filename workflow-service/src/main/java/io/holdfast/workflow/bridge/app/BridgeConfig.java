package io.holdfast.workflow.bridge.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
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
}
