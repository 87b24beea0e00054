package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.holdfast.contracts.events.Event;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notifications and the one poll statement on a real database. */
class WakeupsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestSchema schema = new TestSchema("cluster");
    private final Outbox outbox = new Outbox(schema.service.dataSource(), "cluster_control", Clock.systemUTC());
    private final AtomicInteger outboxFilled = new AtomicInteger();
    private final Wakeups wakeups =
            new Wakeups(schema.database.url(), schema.database.username(), schema.database.password(), new Defaults());

    @BeforeEach
    void start() {
        schema.execute("CREATE TABLE cluster_control.things (due timestamptz)");
        wakeups.start(List.of(schema.service), service -> outboxFilled.incrementAndGet(), service -> {});
    }

    @AfterEach
    void stop() {
        wakeups.stop();
    }

    @Test
    void moreQuestionsAreAskedWithThePollThatRunsAlready() {
        // given
        AtomicInteger due = new AtomicInteger();
        wakeups.pollAlso(
                "things", "EXISTS (SELECT FROM cluster_control.things WHERE due <= now())", due::incrementAndGet);
        wakeups.pollAlso("nothing", "false", () -> due.addAndGet(1_000_000));
        // when
        schema.execute("INSERT INTO cluster_control.things VALUES (now())");
        // then
        await().atMost(PATIENCE).until(() -> due.get() >= 2);
        assertThat(due.get()).isLessThan(1_000_000);
    }

    @Test
    void questionThatCannotBeAnsweredSilencesNoOther() {
        // given
        AtomicInteger due = new AtomicInteger();
        wakeups.pollAlso("missing", "EXISTS (SELECT FROM cluster_control.missing)", () -> due.addAndGet(1_000_000));
        wakeups.pollAlso("things", "EXISTS (SELECT FROM cluster_control.things)", due::incrementAndGet);
        // when: without a notification, so only the poll can find it
        schema.execute("INSERT INTO cluster_control.things VALUES (now())");
        schema.execute("INSERT INTO cluster_control.outbox (type, aggregate_id, exchange, routing_key, payload)"
                + " VALUES ('sample.happened.v1', 'a', '" + Event.EVENTS + "', 'sample.happened.v1._', '{}')");
        // then
        await().atMost(PATIENCE).until(() -> due.get() >= 2 && outboxFilled.get() >= 2);
        assertThat(due.get()).isLessThan(1_000_000);
    }

    @Test
    void aListenerThatFailsEndsNothing() {
        // given
        AtomicInteger due = new AtomicInteger();
        wakeups.pollAlso("things", "EXISTS (SELECT FROM cluster_control.things)", () -> {
            if (due.incrementAndGet() == 1) {
                throw new IllegalStateException("only the first time");
            }
        });
        // when
        schema.execute("INSERT INTO cluster_control.things VALUES (now())");
        // then
        await().atMost(PATIENCE).until(() -> due.get() >= 2);
    }

    @Test
    void theReasonOfALossHasItsCause() {
        assertThat(Wakeups.reason(new SQLException("The connection attempt failed.", "08001")))
                .isEqualTo("The connection attempt failed.");
        assertThat(Wakeups.reason(new SQLException(
                        "The connection attempt failed.", "08001", new UnknownHostException("postgres"))))
                .isEqualTo("The connection attempt failed. (java.net.UnknownHostException: postgres)");
    }

    @Test
    void messageUnderAnIdOfItsOwnIsInTheOutboxOnce() {
        // given
        UUID id = UUID.nameUUIDFromBytes(new byte[] {1});
        // when
        schema.inNew(() -> outbox.append(Sample.of("kept"), id));
        schema.inNew(() -> outbox.append(Sample.of("again"), id));
        schema.inNew(() -> outbox.appendRebuildable(Sample.of("rebuilt"), UUID.nameUUIDFromBytes(new byte[] {2})));
        // then
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox WHERE message_id = '" + id
                        + "' AND aggregate_id = 'kept' AND NOT rebuildable"))
                .isEqualTo(1);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox WHERE rebuildable"))
                .isEqualTo(1);
        assertThat(schema.count("SELECT count(*) FROM cluster_control.outbox")).isEqualTo(2);
    }
}
