package io.holdfast.inventory.content.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is fetched by URLs. */
@ConfigMapping(prefix = "holdfast.inventory.uploads")
public interface RemoteFilesConfig {

    /**
     * Whether users who are not administrators may name archives at addresses of the manager's own machine, or of its link, to be fetched
     * by it. See {@link LocalAddresses}.
     */
    @WithDefault("false")
    boolean allowLocal();
}
