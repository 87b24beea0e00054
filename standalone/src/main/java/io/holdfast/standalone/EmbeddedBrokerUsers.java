package io.holdfast.standalone;

import io.holdfast.gateway.requests.BrokerUsers;
import io.holdfast.gateway.requests.Producer;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Gives the gateway the users of the embedded broker, where this process has one. */
@ApplicationScoped
@Priority(3)
public class EmbeddedBrokerUsers implements BrokerUsers {

    @Override
    public boolean isResponsible() {
        return EmbeddedBroker.running().isPresent();
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public List<String> put(Producer producer, String password) {
        producers().put(producer.brokerUser(), password, producer.tenants());
        return List.of();
    }

    @Override
    public List<String> changePassword(Producer producer, String password) {
        return put(producer, password);
    }

    @Override
    public List<String> remove(Producer producer) {
        producers().remove(producer.brokerUser());
        return List.of();
    }

    private static EmbeddedBrokerProducers producers() {
        return EmbeddedBroker.running()
                .orElseThrow(() -> new IllegalStateException("the embedded broker does not run"))
                .producers();
    }
}
