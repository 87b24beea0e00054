package io.holdfast.inventory.secrets.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which secrets providers the manager talks to. */
@ConfigMapping(prefix = "holdfast.inventory.secrets-providers")
public interface ProvidersConfig {

    /**
     * Whether a secrets provider may be at an address of the manager's own machine, or of its own link. Whoever may make a provider
     * could otherwise have the manager ask services that trust it because of its address.
     */
    @WithDefault("false")
    boolean allowLocal();
}
