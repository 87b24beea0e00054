package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What RabbitMQ gives up on does not stay in a queue that nobody reads. */
class DeadLetterDrainIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestSchema schema = new TestSchema("cluster");
    private final ParkedMessages parked = new ParkedMessages(schema.service.dataSource(), "cluster_control");

    private final KnownQueues known =
            new KnownQueues(schema.database.url(), schema.database.username(), schema.database.password());
    private final DeadLetterDrain drain = new DeadLetterDrain(known, "cluster_control", 1_000);

    @Test
    void messageThatItsConsumerNeverTakesIsParkedWithTheServiceWhoseQueueItWasIn() throws Exception {
        String id;
        try (TestBroker rabbit = EmptyBroker.rabbitMq();
                Broker broker = new Broker(BrokerAddress.parse(rabbit.url()), known::all, fresh -> {})) {
            // given
            id = giveUp(broker);
            // when
            drain.keepOpen(broker);
            // then
            await().atMost(PATIENCE).until(() -> parked.count(ParkedMessages.Filter.DEAD) == 1);
        }
        ParkedMessages.Parked letter =
                parked.list(ParkedMessages.Filter.DEAD, 0, 1).get(0);
        assertThat(letter.messageId()).hasToString(id);
        assertThat(letter.consumer()).isEqualTo("cluster.events");
        assertThat(letter.reason()).isEqualTo("GIVEN_UP_BY_BROKER");
        assertThat(letter.type()).isEqualTo(Sample.TYPE);
    }

    @Test
    void aQueueThatSomebodyDeletedIsDrainedAgain() throws Exception {
        try (TestBroker rabbit = EmptyBroker.rabbitMq();
                Broker broker = new Broker(BrokerAddress.parse(rabbit.url()), known::all, fresh -> {})) {
            // given
            drain.keepOpen(broker);
            broker.openChannel().queueDelete(Topology.DEAD_LETTERS);
            await().atMost(PATIENCE).until(() -> findsNone(broker));
            // when
            broker.declareQueues();
            drain.keepOpen(broker);
            giveUp(broker);
            // then
            await().atMost(PATIENCE).until(() -> parked.count(ParkedMessages.Filter.DEAD) == 1);
        }
    }

    private boolean findsNone(Broker broker) throws IOException, TimeoutException {
        try {
            drain.keepOpen(broker);
            return false;
        } catch (IOException e) {
            assertThat(Broker.isNotFound(e)).isTrue();
            return true;
        }
    }

    /** Rejected without requeue, as RabbitMQ does by itself with one delivery too many. */
    private static String giveUp(Broker broker) throws Exception {
        String id = UUID.randomUUID().toString();
        Channel channel = broker.openChannel();
        channel.basicPublish(
                Event.EVENTS,
                "sample.happened.v1._",
                true,
                new AMQP.BasicProperties.Builder()
                        .messageId(id)
                        .type(Sample.TYPE)
                        .deliveryMode(2)
                        .build(),
                "{}".getBytes(StandardCharsets.UTF_8));
        channel.waitForConfirmsOrDie(60_000);
        await().atMost(PATIENCE).until(() -> {
            com.rabbitmq.client.GetResponse got = channel.basicGet("cluster.events", false);
            if (got == null) {
                return false;
            }
            channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
            return true;
        });
        return id;
    }
}
