package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.holdfast.testsupport.PostgresServer;
import io.holdfast.testsupport.RabbitMqServer;
import io.holdfast.testsupport.Requirements;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * A manager whose JVM, PostgreSQL and RabbitMQ are processes of their own that a test can kill, and what must hold of its executions
 * whatever was killed.
 */
final class FaultyManager implements AutoCloseable {

    /** A queue of the test's own that gets a copy of every start command; it survives kills of the broker. */
    private static final String TAP = "faults.tap";

    private static final String START = "workflow.execution.start";

    /** So late may an execution start after all that was killed; a machine of tests is slow. */
    /** Late is not missed, and start commands pass the exchange where they can be copied. */
    private static final String OPTIONS =
            "-Dholdfast.scheduler.dispatch.late-tolerance=PT4H -Dholdfast.scheduler.dispatch.direct=false";

    final PostgresServer postgres;
    final RabbitMqServer rabbit;
    final Stack stack;

    private FaultyManager(PostgresServer postgres, RabbitMqServer rabbit, Stack stack) {
        this.postgres = postgres;
        this.rabbit = rabbit;
        this.stack = stack;
    }

    /** Skips the test where one of the servers is not installed. */
    static FaultyManager start(Path data) {
        return start(data, Map.of());
    }

    /** @param environment further variables of {@code ./holdfast up} */
    static FaultyManager start(Path data, Map<String, String> environment) {
        Requirements.rabbitMq();
        Requirements.postgres();
        PostgresServer postgres = PostgresServer.start();
        RabbitMqServer rabbit = RabbitMqServer.start();
        return new FaultyManager(postgres, rabbit, start(postgres, rabbit, data, environment));
    }

    /** Another manager on the same servers. */
    Stack startAnother(Path data, Map<String, String> environment) {
        return start(postgres, rabbit, data, environment);
    }

    private static Stack start(
            PostgresServer postgres, RabbitMqServer rabbit, Path data, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HOLDFAST_JAVA_OPTS", OPTIONS);
        return Stack.start(
                data,
                List.of(
                        "--database",
                        postgres.url() + "?user=" + PostgresServer.OWNER + "&password=" + PostgresServer.OWNER,
                        "--broker",
                        rabbit.url()),
                all);
    }

    /** A start command as it came to the tap. */
    record Start(String messageId, Instant claimedAt) {}

    /** Copies every start command from now on. */
    void tap() throws Exception {
        try (Connection connection = connectBroker();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(TAP, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind(TAP, "holdfast.commands", START);
        }
    }

    /** All start commands since {@link #tap()}, also those that came twice, by execution. */
    Map<String, List<Start>> tapped() throws Exception {
        Map<String, List<Start>> starts = new HashMap<>();
        try (Connection connection = connectBroker();
                Channel channel = connection.createChannel()) {
            for (GetResponse got = channel.basicGet(TAP, true); got != null; got = channel.basicGet(TAP, true)) {
                Map<String, Object> headers = got.getProps().getHeaders();
                starts.computeIfAbsent(String.valueOf(headers.get("cloudEvents_subject")), any -> new ArrayList<>())
                        .add(new Start(
                                got.getProps().getMessageId(),
                                Instant.parse(String.valueOf(headers.get("cloudEvents_time")))));
            }
        }
        return starts;
    }

    private Connection connectBroker() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbit.url());
        return factory.newConnection();
    }

    /**
     * Schedules executions at random instants, as the scheduler-service stores them.
     *
     * @param deployments how many deployments share them; each runs one at a time
     * @param within the last one is due at most that long from now
     */
    Map<String, Instant> schedule(int count, int deployments, Duration within, Random random) throws SQLException {
        Map<String, Instant> due = new HashMap<>();
        Instant first = Instant.now().plusSeconds(2);
        try (var connection = postgres.connect();
                Statement sql = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO scheduler.executions (tenant_name, id, workflow_id,"
                                + " deployment_id, deployment_display_name, blueprint_id, status, parameters, scheduled_for, created_at, created_by)"
                                + " VALUES ('default_tenant', ?, 'backup', ?, ?, 'faults', 'scheduled', '{\"full\": true}', ?,"
                                + " statement_timestamp(), 'admin')")) {
            connection.setAutoCommit(false);
            sql.execute(
                    "INSERT INTO inventory.deployments (tenant_name, id, display_name, blueprint_id, workflows, created_at, created_by)"
                            + " SELECT 'default_tenant', 'd-' || n, 'd-' || n, 'faults', '[]', statement_timestamp(), 'admin'"
                            + " FROM generate_series(0, " + (deployments - 1) + ") n");
            for (int i = 0; i < count; i++) {
                String id = "fault-" + i;
                Instant at = first.plus((long) (random.nextDouble() * within.toNanos() / 1000), ChronoUnit.MICROS);
                due.put(id, at);
                insert.setString(1, id);
                insert.setString(2, "d-" + i % deployments);
                insert.setString(3, "d-" + i % deployments);
                insert.setTimestamp(4, Timestamp.from(at));
                insert.addBatch();
                if (i % 1000 == 999) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
            sql.execute("SELECT pg_notify('holdfast_execution_due', '')");
            connection.commit();
        }
        return due;
    }

    /** Leaves it alone until the moment of the next fault. */
    static void letItWork(Duration duration) {
        Awaitility.await("the next fault")
                .pollDelay(duration)
                .atMost(duration.plusMinutes(1))
                .until(() -> true);
    }

    /** Executions that have not ended; -1 while the database is away. */
    long open() {
        try {
            return number("SELECT count(*) FROM scheduler.executions WHERE id LIKE 'fault-%'"
                    + " AND status NOT IN ('terminated', 'failed', 'cancelled')");
        } catch (SQLException e) {
            return -1;
        }
    }

    void awaitAllEnded(Duration patience) {
        Awaitility.await("all executions end")
                .atMost(patience)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(open())
                        .as("open executions, by status: %s", byStatus())
                        .isZero());
        Awaitility.await("all is told")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(number(
                                "SELECT (SELECT count(*) FROM scheduler_control.outbox) + (SELECT count(*) FROM workflow_control.outbox)"
                                        + " + (SELECT count(*) FROM scheduler_control.start_batch)"))
                        .isZero());
    }

    /** What must hold of each: it ran once, said so once, and told nobody anything else. */
    void assertEachEndedExactlyOnce(Map<String, Instant> due) throws SQLException {
        assertThat(number("SELECT count(*) FROM scheduler.executions WHERE id LIKE 'fault-%'"))
                .isEqualTo(due.size());
        assertThat(
                        texts(
                                "SELECT id || ' ' || status || ' ' || coalesce(reason_code, '') || ' ' || coalesce(error, '') FROM scheduler.executions"
                                        + " WHERE id LIKE 'fault-%' AND (status <> 'failed'"
                                        + " OR error IS DISTINCT FROM 'workflow execution is not available in this version') LIMIT 10"))
                .as("executions that did not end as the worker answered")
                .isEmpty();
        assertThat(texts("SELECT e.id || ' ' || count(j.*) FROM scheduler.executions e LEFT JOIN scheduler.events j"
                        + " ON j.tenant_name = e.tenant_name AND j.execution_id = e.id"
                        + " AND j.event_type IN ('workflow_succeeded', 'workflow_failed', 'workflow_cancelled')"
                        + " WHERE e.id LIKE 'fault-%' GROUP BY e.id HAVING count(j.*) <> 1 LIMIT 10"))
                .as("executions whose end is not in the journal exactly once")
                .isEmpty();
        assertThat(
                        texts(
                                "SELECT execution_id || ' ' || count(*) FROM scheduler.events WHERE execution_id LIKE 'fault-%'"
                                        + " AND event_type = 'workflow_started' GROUP BY execution_id HAVING count(*) > 1 LIMIT 10"))
                .as("executions that started twice")
                .isEmpty();
        assertThat(texts("SELECT id || ' ' || dispatch_attempt FROM scheduler.executions WHERE id LIKE 'fault-%'"
                        + " AND dispatch_attempt <> 1 LIMIT 10"))
                .as("executions that were handed to a worker more than once, or never")
                .isEmpty();
        assertThat(number("SELECT count(*) FROM workflow_control.taken WHERE execution_id LIKE 'fault-%'"))
                .as("executions that the worker took")
                .isEqualTo(due.size());
        for (String service : List.of("scheduler", "workflow")) {
            assertThat(texts("SELECT consumer || ': ' || error FROM " + service + "_control.parked_message LIMIT 10"))
                    .as("parked messages of " + service)
                    .isEmpty();
        }
    }

    /** None before its time, and no execution under two message ids; answers how many messages came twice under the same id. */
    long assertStartsAreRight(Map<String, Instant> due, Map<String, List<Start>> starts) {
        assertThat(starts.keySet()).as("executions that were started").isEqualTo(due.keySet());
        long again = 0;
        for (Map.Entry<String, List<Start>> entry : starts.entrySet()) {
            Set<String> ids = new HashSet<>();
            for (Start start : entry.getValue()) {
                ids.add(start.messageId());
                assertThat(start.claimedAt())
                        .as("claim of " + entry.getKey())
                        .isAfterOrEqualTo(due.get(entry.getKey()).truncatedTo(ChronoUnit.MICROS));
            }
            assertThat(ids).as("start commands of " + entry.getKey()).hasSize(1);
            again += entry.getValue().size() - 1;
        }
        return again;
    }

    long number(String query) throws SQLException {
        try (var connection = postgres.connect();
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    List<String> texts(String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (var connection = postgres.connect();
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private List<String> byStatus() throws SQLException {
        return texts(
                "SELECT status || ' ' || count(*) FROM scheduler.executions WHERE id LIKE 'fault-%' GROUP BY status");
    }

    @Override
    public void close() {
        stack.close();
        rabbit.close();
        postgres.close();
    }
}
