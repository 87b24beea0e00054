package io.holdfast.gateway.requests.storage;

import io.holdfast.gateway.requests.BrokerUsers;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.ProducerRights;
import io.holdfast.messaging.BrokerAddress;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A broker that we may only send messages by: an operator sets its users up, we say how. */
@ApplicationScoped
@Priority(1)
public class ManualBrokerUsers implements BrokerUsers {

    private final String virtualHost;

    public ManualBrokerUsers(
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = BrokerAddress.DEFAULT_URL) String brokerUrl) {
        this.virtualHost = BrokerAddress.parse(brokerUrl).virtualHost();
    }

    @Override
    public boolean isResponsible() {
        return true;
    }

    @Override
    public String name() {
        return "manual";
    }

    @Override
    public List<String> put(Producer producer, String password) {
        return ProducerRights.of(producer).commands(producer, virtualHost, password);
    }

    @Override
    public List<String> changePassword(Producer producer, String password) {
        return List.of("rabbitmqctl change_password " + producer.brokerUser() + " '" + password + "'");
    }

    @Override
    public List<String> remove(Producer producer) {
        return List.of("rabbitmqctl delete_user " + producer.brokerUser());
    }
}
