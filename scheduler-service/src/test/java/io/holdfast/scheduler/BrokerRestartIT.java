package io.holdfast.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.ConnectionFactory;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.testsupport.TestBroker;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The channels of a running service over a restart of its broker. */
@QuarkusTest
@QuarkusTestResource(value = RestartableBroker.class, restrictToAnnotatedClass = true)
class BrokerRestartIT {

    @Inject
    @DataSource("scheduler")
    AgroalDataSource dataSource;

    TestBroker broker;

    @Test
    void messagesSentBeforeAndAfterARestartOfTheBrokerAllArriveOnce() throws SQLException {
        // given
        List<String> ids = new ArrayList<>();
        try (Wire wire = new Wire(broker.url())) {
            for (int i = 0; i < 50; i++) {
                ids.add(request(wire));
            }
        }
        // when
        broker.restart();
        try (Wire wire = new Wire(broker.url())) {
            for (int i = 0; i < 50; i++) {
                ids.add(request(wire));
            }
        }
        // then
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(count(
                                "SELECT count(*) FROM scheduler.executions WHERE status = 'started' AND id = ANY (?)",
                                ids))
                        .isEqualTo(100));
        assertThat(count("SELECT count(*) FROM scheduler.events WHERE execution_id = ANY (?)", ids))
                .isEqualTo(100);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(count(
                                "SELECT count(*) FROM scheduler_control.outbox WHERE aggregate_id = ANY (?)", ids))
                        .isZero());
    }

    @Test
    void channelsGoOnWithABrokerThatLostEverything() throws Exception {
        // given
        List<String> ids = new ArrayList<>();
        try (Wire wire = new Wire(broker.url())) {
            ids.add(request(wire));
        }
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(started(ids)).isEqualTo(1));
        // when
        broker.restartEmpty();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.url());
        await("the queue is declared again")
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> {
                    try (com.rabbitmq.client.Connection connection = factory.newConnection()) {
                        return connection
                                        .createChannel()
                                        .queueDeclarePassive("scheduler.events")
                                        .getConsumerCount()
                                > 0;
                    }
                });
        try (Wire wire = new Wire(broker.url())) {
            ids.add(request(wire));
        }
        // then
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(started(ids)).isEqualTo(2));
        assertThat(count("SELECT count(*) FROM scheduler.events WHERE execution_id = ANY (?)", ids))
                .isEqualTo(2);
    }

    private long started(List<String> ids) throws SQLException {
        return count("SELECT count(*) FROM scheduler.executions WHERE status = 'started' AND id = ANY (?)", ids);
    }

    private static String request(Wire wire) {
        String id = UUID.randomUUID().toString();
        wire.send(new SnapshotEvent.Requested(
                "s", id, "default_tenant", "admin", true, true, true, Instant.parse("2026-01-01T00:00:00Z")));
        return id;
    }

    private long count(String sql, List<String> ids) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
