package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.contracts.events.Event;
import io.holdfast.role.NodeRole;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Inbox and parked messages on a real database. */
class MessageHandlerIT {

    private static final String CONSUMER = "cluster.events";

    private final TestSchema schema = new TestSchema("cluster");
    private final MessageHandlers handlers =
            new MessageHandlers(List.of(schema.service), schema, new Defaults(), NodeRole.alone());
    private final ParkedMessages parked = new ParkedMessages(schema.service);
    private final AtomicInteger calls = new AtomicInteger();
    private MessageHandler handler;
    private boolean failing;

    @BeforeEach
    void build() {
        schema.execute(
                "CREATE TABLE cluster_control.effect (id text); GRANT ALL ON cluster_control.effect TO holdfast_cluster");
        handler = handlers.consuming("cluster", CONSUMER)
                .on(Sample.TYPE, Sample.class, this::take)
                .ignoringOthers()
                .build();
    }

    private void take(Sample event) {
        calls.incrementAndGet();
        try (java.sql.Connection connection = schema.service.dataSource().getConnection();
                java.sql.PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO cluster_control.effect VALUES (?)")) {
            insert.setString(1, event.id());
            insert.executeUpdate();
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        if (event.id().equals("never")) {
            throw new UnprocessableMessage("REFUSED", "such a thing is never accepted");
        }
        if (failing) {
            throw new IllegalStateException("not now");
        }
    }

    @Test
    void duplicateDeliveryHasItsEffectOnce() {
        // given
        Delivery delivery = delivery(Sample.of("once"));
        // when
        handler.process(delivery);
        handler.process(delivery);
        // then
        assertThat(effects()).isEqualTo(1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void failingHandlerLeavesNoEffectAndTheMessageIsTriedAgainUntilItSucceeds() {
        // given
        failing = true;
        // when
        handler.process(delivery(Sample.of("later")));
        // then
        assertThat(effects()).isZero();
        assertThat(schema.count("SELECT count(*) FROM cluster_control.inbox")).isZero();
        assertThat(schema.count("SELECT extract(epoch FROM next_try - parked_at) FROM cluster_control.parked_message"))
                .isEqualTo(5);
        // when
        failing = false;
        makeDue();
        handlers.retryDue(schema.service);
        // then
        assertThat(effects()).isEqualTo(1);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.parked_message"))
                .isZero();
    }

    @Test
    void messageThatFailsEveryTryIsDeadAndCanBeReplayedOrDiscarded() {
        // given
        failing = true;
        handler.process(delivery(Sample.of("stubborn")));
        // when
        for (int i = 0; i < 3; i++) {
            makeDue();
            handlers.retryDue(schema.service);
        }
        // then
        assertThat(calls).hasValue(4);
        assertThat(parked.count(ParkedMessages.Filter.DEAD)).isEqualTo(1);
        ParkedMessages.Parked dead =
                parked.list(ParkedMessages.Filter.DEAD, 0, 10).get(0);
        assertThat(dead.error()).contains("not now");
        assertThat(dead.attempts()).isEqualTo(4);
        // when
        failing = false;
        assertThat(parked.replay(dead.id(), ParkedMessages.Filter.DEAD, "ann")).isEqualTo(1);
        handlers.retryDue(schema.service);
        // then
        assertThat(effects()).isEqualTo(1);
        assertThat(parked.discard(dead.id(), ParkedMessages.Filter.DEAD, "ann")).isZero();
    }

    @Test
    void whatAConsumerThatAnswersItsSendersBuriedIsNeverReplayed() {
        // given
        ParkedMessages withRequests =
                new ParkedMessages(schema.service.withQueue("cluster.requests", Event.REQUESTS, "#"));
        withRequests.bury(
                "cluster.requests",
                UUID.randomUUID(),
                "request.execution.start.v1",
                Map.of("user_id", "nobody"),
                "{}".getBytes(StandardCharsets.UTF_8),
                "UNKNOWN_PRODUCER",
                "no producer has the broker user nobody");
        long buried = withRequests.list(ParkedMessages.Filter.DEAD, 0, 1).get(0).id();
        handler.process(raw(Sample.TYPE, "{broken"));
        // when
        int one = withRequests.replay(buried, ParkedMessages.Filter.DEAD, "ann");
        int all = withRequests.replay(null, ParkedMessages.Filter.ALL, "ann");
        // then
        assertThat(one).isZero();
        assertThat(all).isEqualTo(1);
        assertThat(withRequests.find(buried)).get().satisfies(letter -> {
            assertThat(letter.state()).isEqualTo("dead");
            assertThat(withRequests.answers(letter.consumer())).isTrue();
        });
        assertThat(withRequests.answers(CONSUMER)).isFalse();
        // and: it can be discarded
        assertThat(withRequests.discard(buried, ParkedMessages.Filter.DEAD, "ann"))
                .isEqualTo(1);
    }

    @Test
    void whatCanNeverSucceedIsDeadAtOnceWithItsReason() {
        // when
        handler.process(raw(Sample.TYPE, "{broken"));
        handler.process(raw(Sample.TYPE, "{\"id\": \"x\"}"));
        handler.process(raw("sample.happened.v2", "{}"));
        handler.process(raw(null, "{}"));
        handler.process(delivery(Sample.of("never")));
        // then
        assertThat(parked.list(ParkedMessages.Filter.DEAD, 0, 10).stream().map(ParkedMessages.Parked::reason))
                .containsExactlyInAnyOrder(
                        "UNREADABLE", "SCHEMA_VIOLATION", "UNKNOWN_VERSION", "UNKNOWN_TYPE", "REFUSED");
        assertThat(effects()).isZero();
    }

    @Test
    void bodyThatIsTooLongIsDeadAndOnlyItsBeginningIsKept() {
        // given
        MessageHandler narrow = handlers.consuming("cluster", "narrow")
                .on(Sample.TYPE, Sample.class, this::take)
                .limitedTo(10)
                .build();
        // when
        narrow.process(raw(Sample.TYPE, "0123456789"));
        narrow.process(raw(Sample.TYPE, "0123456789A"));
        // then
        assertThat(calls).hasValue(0);
        ParkedMessages.Parked large = parked.list(
                        new ParkedMessages.Filter(null, "narrow", Sample.TYPE, "TOO_LARGE"), 0, 10)
                .get(0);
        assertThat(large.payloadBytes()).isEqualTo(11);
        assertThat(large.whole()).isFalse();
        assertThat(parked.payload(large.id()).orElseThrow()).hasSize(10);
        assertThat(parked.count(new ParkedMessages.Filter("dead", "narrow", null, null)))
                .isEqualTo(2);
    }

    @Test
    void manyAreDecidedAboutByWhatTheyHaveInCommonAndItIsKeptWhoDid() {
        // given
        handler.process(raw("sample.happened.v2", "{}"));
        handler.process(raw("sample.happened.v3", "{}"));
        handler.process(raw(Sample.TYPE, "{broken"));
        // when
        int discarded = parked.discard(null, new ParkedMessages.Filter(null, null, null, "UNKNOWN_VERSION"), "ann");
        // then
        assertThat(discarded).isEqualTo(2);
        assertThat(parked.count(ParkedMessages.Filter.ALL)).isEqualTo(1);
        assertThat(parked.list(new ParkedMessages.Filter("discarded", null, null, null), 0, 10))
                .allSatisfy(letter -> assertThat(letter.decidedBy()).isEqualTo("ann"))
                .hasSize(2);
        // when
        assertThat(parked.replay(null, ParkedMessages.Filter.ALL, "bob")).isEqualTo(1);
        handlers.retryDue(schema.service);
        // then: it is dead again, of the same
        assertThat(parked.count(ParkedMessages.Filter.DEAD)).isEqualTo(1);
    }

    @Test
    void factsOfOtherFamiliesAreIgnoredWithoutATrace() {
        handler.process(raw("weather.changed.v1", "{}"));
        assertThat(schema.count("SELECT count(*) FROM cluster_control.inbox")).isZero();
        assertThat(parked.count(ParkedMessages.Filter.DEAD)).isZero();
    }

    @Test
    void messageIsHandedBackWhileTheDatabaseIsAway() {
        // given
        Delivery delivery = delivery(Sample.of("patience"));
        schema.setAway(true);
        // then
        assertThatThrownBy(() -> handler.process(delivery)).isInstanceOf(IllegalStateException.class);
        // when
        schema.setAway(false);
        handler.process(delivery);
        // then
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void unknownFieldsAreAcceptedBecauseFieldsMayBeAdded() {
        handler.process(raw(
                Sample.TYPE,
                "{\"id\": \"new\", \"at\": \"2026-01-01T00:00:00Z\", \"key\": \"k\", \"addedLater\": {\"x\": 1}}"));
        assertThat(effects()).isEqualTo(1);
    }

    private void makeDue() {
        schema.execute("UPDATE cluster_control.parked_message SET next_try = now() WHERE state = 'waiting'");
    }

    private long effects() {
        return schema.count("SELECT count(*) FROM cluster_control.effect");
    }

    private static Delivery delivery(Sample event) {
        return raw(Sample.TYPE, EventJson.write(event));
    }

    private static Delivery raw(String type, String body) {
        return new Delivery(UUID.randomUUID(), type, null, body.getBytes(StandardCharsets.UTF_8));
    }
}
