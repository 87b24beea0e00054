package io.holdfast.gateway.manager.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How this manager presents itself. */
@ConfigMapping(prefix = "holdfast.gateway.manager")
public interface ManagerConfig {

    /** Name of the node in lists and in the cluster's status. */
    @WithDefault("holdfast")
    String hostname();

    /** Address at which clients reach this node. The client takes a manager for one in all if all its parts have the same. */
    @WithDefault("127.0.0.1")
    String address();

    /** How long a part's state counts as known: a status page that is polled must not become a load of its own. */
    @WithDefault("2s")
    Duration healthKnownFor();

    /** A part that has not answered by then is down. */
    @WithDefault("2s")
    Duration healthTimeout();
}
