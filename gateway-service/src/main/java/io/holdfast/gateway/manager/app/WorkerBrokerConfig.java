package io.holdfast.gateway.manager.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The broker as workers of the other kind are told of it: they ask the API where it is and how to log in. What Holdfast itself uses is
 * told to nobody.
 */
@ConfigMapping(prefix = "holdfast.gateway.worker-broker")
public interface WorkerBrokerConfig {

    /** Host names or addresses at which workers reach the broker; without any, the nodes'. */
    Optional<List<String>> hosts();

    /** Its port there. Such workers speak TLS and use the port 5671 whatever is told: it is for people. */
    @WithDefault("5671")
    int port();

    /** A user of the broker made for workers. */
    Optional<String> username();

    Optional<String> password();

    /** A PEM file of the authority that has signed the broker's certificate. */
    Optional<Path> caFile();
}
