package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.holdfast.testsupport.ProducerRights;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Producers' users at the embedded broker; the same rights as at a RabbitMQ. */
class EmbeddedBrokerProducersIT {

    @TempDir
    Path directory;

    @Test
    void userHasItsRightsAtOnceAndAfterARestartAndLosesThemWhenRemoved() throws Exception {
        // given
        ProducerRights rights;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, directory, "own-password")) {
            declareOurs(broker.url());
            // when
            broker.producers().put("acme", "first", List.of("t.1", "t2"));
            // then
            rights = as(broker, "acme", "first");
            rights.assertThatTheyEndWhereTheyShould("t.1", "t21", "scheduler.commands");
            assertThat(as(broker, "acme", "wrong").isLetIn()).isFalse();
        }
        for (String file : List.of("producers.json", "rights.acl")) {
            assertThat(Files.getPosixFilePermissions(directory.resolve(file)))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(Files.readString(directory.resolve(file))).doesNotContain("first");
        }
        // when
        try (EmbeddedBroker again = EmbeddedBroker.start(directory, directory, "another-password")) {
            // then
            as(again, "acme", "first").assertThatTheyEndWhereTheyShould("t2", "t3", "scheduler.commands");
            // when
            again.producers().put("acme", "second", List.of("t2"));
            // then
            assertThat(as(again, "acme", "first").isLetIn()).isFalse();
            as(again, "acme", "second").assertThatTheyEndWhereTheyShould("t2", "t.1", "scheduler.commands");
            // when
            Connection open = connect(again, "acme", "second");
            again.producers().remove("acme");
            // then
            await().atMost(Duration.ofMinutes(1)).until(() -> !open.isOpen());
            assertThat(as(again, "acme", "second").isLetIn()).isFalse();
        }
    }

    private static Connection connect(EmbeddedBroker broker, String user, String password) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(url(broker, user, password));
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    private static ProducerRights as(EmbeddedBroker broker, String user, String password) {
        return new ProducerRights(url(broker, user, password), user);
    }

    private static String url(EmbeddedBroker broker, String user, String password) {
        URI own = URI.create(broker.url());
        return "amqp://" + user + ":" + password + "@" + own.getHost() + ":" + own.getPort() + own.getPath();
    }

    private static void declareOurs(String url) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(url);
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("holdfast.requests", "topic", true);
            channel.exchangeDeclare("holdfast.commands", "topic", true);
            channel.exchangeDeclare("holdfast.events", "topic", true);
            channel.queueDeclare("scheduler.commands", true, false, false, null);
        }
    }
}
