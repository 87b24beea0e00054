package io.holdfast.inventory.plugins.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who installs plugins. */
@ConfigMapping(prefix = "holdfast.inventory.plugins")
public interface PluginsConfig {

    /**
     * Whether workers are attached that install plugins and report it: what is to be installed then waits for them, else it fails at
     * once. As the bridge is, over which such workers come; a service that runs in a process of its own has to be told.
     */
    @WithDefault("${holdfast.workflow.bridge.enabled:false}")
    boolean installedByWorkers();
}
