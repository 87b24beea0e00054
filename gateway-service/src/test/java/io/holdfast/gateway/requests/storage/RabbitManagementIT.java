package io.holdfast.gateway.requests.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.testsupport.ProducerRights;
import io.holdfast.testsupport.TestBroker;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Producers' users at a real RabbitMQ with its management plugin. */
class RabbitManagementIT {

    private static TestBroker broker;
    private static RabbitManagement users;

    @BeforeAll
    static void start() throws Exception {
        broker = TestBroker.rabbitMqWithManagement();
        users = new RabbitManagement(
                Optional.of(URI.create(broker.managementUrl() + "/")), broker.url(), new ObjectMapper());
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("holdfast.requests", "topic", true);
            channel.exchangeDeclare("holdfast.commands", "topic", true);
            channel.exchangeDeclare("holdfast.events", "topic", true);
            channel.queueDeclare("scheduler.commands", true, false, false, null);
        }
        // The plugin listens a moment later than the broker.
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> users.remove(producer("nobody")).isEmpty());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    private static Producer producer(String clientId) {
        return new Producer(clientId, clientId, "alice", List.of("t.1", "t2"), 10, "admin", Instant.EPOCH);
    }

    private static ProducerRights as(String clientId, String password) {
        return new ProducerRights(broker.url().replace("guest:guest", clientId + ":" + password), clientId);
    }

    @Test
    void userMaySendRequestsOfItsTenantsAndReadItsRepliesAndNothingElse() throws Exception {
        // when
        assertThat(users.put(producer("acme"), "first")).isEmpty();
        // then
        as("acme", "first").assertThatTheyEndWhereTheyShould("t.1", "t21", "scheduler.commands");
        as("acme", "first").assertThatTheyEndWhereTheyShould("t2", "tx1", "scheduler.commands");
        as("acme", "first").assertThatNoOtherExchangeCanBeListenedTo();
    }

    @Test
    void passwordIsChangedAndUserRemoved() {
        // given
        Producer producer = producer("changing");
        users.put(producer, "first");
        assertThat(as("changing", "first").isLetIn()).isTrue();
        // when
        users.changePassword(producer, "second");
        // then
        assertThat(as("changing", "first").isLetIn()).isFalse();
        assertThat(as("changing", "second").isLetIn()).isTrue();
        // when
        users.remove(producer);
        users.remove(producer);
        // then
        assertThat(as("changing", "second").isLetIn()).isFalse();
    }

    @Test
    void userThatIsNotOursIsLeftAlone() {
        assertThatThrownBy(() -> users.put(producer("guest"), "taken over"))
                .isInstanceOfSatisfying(
                        ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
        assertThatThrownBy(() -> users.remove(producer("guest"))).isInstanceOf(ManagerException.class);
        assertThat(as("guest", "guest").isLetIn()).isTrue();
    }

    @Test
    void pluginThatDoesNotAnswerIsSaid() {
        RabbitManagement nowhere =
                new RabbitManagement(Optional.of(URI.create("http://127.0.0.1:1")), broker.url(), new ObjectMapper());
        assertThatThrownBy(() -> nowhere.put(producer("acme"), "x"))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("does not answer");
    }
}
