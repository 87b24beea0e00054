package io.holdfast.gateway.requests;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The producers that there are. */
public interface Producers {

    Optional<Producer> findByBrokerUser(String brokerUser);

    Optional<Producer> find(String clientId);

    /** By client id. */
    List<Producer> all();

    /** False if there is one of that name or broker user already. */
    boolean add(Producer producer);

    /** False if there was none. */
    boolean remove(String clientId);

    /** Takes one token of the bucket that all gateways share; if there is none, says how long until there is. */
    Optional<Duration> takeToken(String clientId);
}
