package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** What an external producer's user may and may not do at a broker; the same at every kind of broker. */
public final class ProducerRights {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String url;
    private final String clientId;

    /** @param url with the producer's user and password */
    public ProducerRights(String url, String clientId) {
        this.url = url;
        this.clientId = clientId;
    }

    /** The one thing that differs: a step on a fresh channel. */
    private interface Step {
        void on(Channel channel) throws IOException, InterruptedException, TimeoutException;
    }

    /** Requests about {@code tenant}, own reply queues, and nothing else. {@code otherQueue} must exist. */
    public void assertThatTheyEndWhereTheyShould(String tenant, String otherTenant, String otherQueue)
            throws Exception {
        try (Connection connection = connect()) {
            allowed(
                    connection,
                    channel ->
                            publish(channel, "holdfast.requests", "request." + tenant + ".execution.start", clientId));
            allowed(connection, channel -> channel.queueDeclare("reply." + clientId, true, false, false, null));
            allowed(
                    connection,
                    channel -> channel.queueDeclare("reply." + clientId + ".job", true, false, false, null));
            allowed(connection, channel -> channel.basicGet("reply." + clientId, true));
            allowed(
                    connection,
                    channel -> channel.basicConsume("reply." + clientId, true, (tag, message) -> {}, tag -> {}));

            refused(
                    connection,
                    channel -> publish(
                            channel, "holdfast.requests", "request." + otherTenant + ".execution.start", clientId));
            refused(
                    connection,
                    channel -> publish(channel, "holdfast.commands", "scheduler.execution.schedule", clientId));
            refused(connection, channel -> publish(channel, "holdfast.events", "snapshot.created.v1._", clientId));
            refused(connection, channel -> publish(channel, "", otherQueue, clientId));
            refused(connection, channel -> channel.queueDeclare("reply." + clientId + "2", true, false, false, null));
            refused(connection, channel -> channel.queueDeclare("mine", true, false, false, null));
            refused(connection, channel -> channel.basicGet(otherQueue, true));
            refused(connection, channel -> channel.queuePurge(otherQueue));
            refused(connection, channel -> channel.queueDelete(otherQueue));
            refused(connection, channel -> channel.exchangeDeclare("mine", "topic", true));
        }
        try (Connection connection = connect()) {
            refused(
                    connection,
                    channel ->
                            publish(channel, "holdfast.requests", "request." + tenant + ".execution.start", "guest"));
        }
    }

    /** RabbitMQ only: the embedded broker does not ask who binds a queue over AMQP 0-9-1. */
    public void assertThatNoOtherExchangeCanBeListenedTo() throws Exception {
        try (Connection connection = connect()) {
            allowed(connection, channel -> channel.queueDeclare("reply." + clientId, true, false, false, null));
            for (String exchange : List.of("holdfast.events", "holdfast.commands", "holdfast.requests")) {
                refused(connection, channel -> channel.queueBind("reply." + clientId, exchange, "#"));
            }
        }
    }

    /** Whether the broker lets the user in. */
    public boolean isLetIn() {
        try (Connection connection = connect()) {
            return connection.isOpen();
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }

    private Connection connect() throws IOException, TimeoutException {
        try {
            ConnectionFactory factory = new ConnectionFactory();
            factory.setUri(url);
            factory.setAutomaticRecoveryEnabled(false);
            return factory.newConnection();
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IllegalArgumentException(url, e);
        }
    }

    private static void publish(Channel channel, String exchange, String key, String user)
            throws IOException, InterruptedException, TimeoutException {
        channel.confirmSelect();
        channel.basicPublish(
                exchange,
                key,
                new BasicProperties.Builder().userId(user).headers(Map.of()).build(),
                "{}".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(PATIENCE.toMillis());
    }

    private static void allowed(Connection connection, Step step) throws Exception {
        Channel channel = connection.createChannel();
        step.on(channel);
        assertThat(channel.isOpen()).isTrue();
        channel.close();
    }

    /** A broker may close the channel or the whole connection; either way nothing was done. */
    private void refused(Connection shared, Step step) throws Exception {
        try (Connection connection = connect()) {
            Channel channel = connection.createChannel();
            assertThatThrownBy(() -> {
                        step.on(channel);
                        channel.basicQos(1);
                    })
                    .isNotNull();
            Awaitility.await().atMost(PATIENCE).until(() -> !channel.isOpen());
        } catch (IOException | com.rabbitmq.client.AlreadyClosedException e) {
            assertThat(shared)
                    .as("the connection was closed by the broker: %s", e)
                    .isNotNull();
        }
    }
}
