package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A manager whose JVM, PostgreSQL and RabbitMQ are processes of their own that a test can kill, and what must hold of its executions
 * whatever was killed.
 */
final class FaultyManager implements AutoCloseable {

    /** A queue of the test's own that gets a copy of what the test looks at; it survives kills of the broker. */
    private static final String TAP = "faults.tap";

    static final String START = "workflow.execution.start.v1";
    private static final String OUTCOME = "scheduler.execution.outcome.v1";
    static final String OCCURRED = "schedule.occurred.v1";

    private static final String LATE_IS_NOT_MISSED = "-Dholdfast.scheduler.dispatch.late-tolerance=PT4H";

    /** Also: start commands pass the exchange, where they can be copied. */
    private static final List<String> TO_BE_TAPPED =
            List.of(LATE_IS_NOT_MISSED, "-Dholdfast.scheduler.dispatch.direct=false");

    /** What a test can kill with SIGKILL. */
    enum Victim {
        /** The whole manager: gateway, scheduler, relay, workers. */
        MANAGER,
        /** The scheduler-service that runs beside it, with the relay of its own. */
        SCHEDULER,
        BROKER,
        DATABASE,
        /** One of the database's processes, whereupon it ends all others and recovers. */
        DATABASE_BACKEND
    }

    final PostgresServer postgres;
    final RabbitMqServer rabbit;
    final Stack stack;
    private @Nullable SchedulerProcess scheduler;
    private int scheduled;
    private int deployed;

    private FaultyManager(PostgresServer postgres, RabbitMqServer rabbit, Stack stack) {
        this.postgres = postgres;
        this.rabbit = rabbit;
        this.stack = stack;
    }

    /** As {@link #startToBeTapped}, with a second scheduler-service beside it that shares the work. */
    static FaultyManager startWithSecondScheduler(Path data) {
        SchedulerProcess.require();
        FaultyManager manager = startToBeTapped(data, Map.of());
        try {
            manager.scheduler = SchedulerProcess.beside(
                    manager.stack,
                    TO_BE_TAPPED,
                    Map.of(
                            "HOLDFAST_DATABASE_URL",
                            manager.postgres.url(),
                            "HOLDFAST_DATABASE_USERNAME",
                            PostgresServer.OWNER,
                            "HOLDFAST_DATABASE_PASSWORD",
                            PostgresServer.OWNER,
                            "HOLDFAST_BROKER_URL",
                            manager.rabbit.url()));
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
        return manager;
    }

    /** Kills every victim once, in random order, leaving a random time of at most {@code pause} before each. */
    void killEachOnce(Random random, Duration pause, Map<Victim, Integer> killed) throws InterruptedException {
        List<Victim> round = new ArrayList<>(List.of(Victim.values()));
        if (scheduler == null) {
            round.remove(Victim.SCHEDULER);
        }
        Collections.shuffle(round, random);
        for (Victim victim : round) {
            letItWork(Duration.ofMillis(500 + random.nextInt((int) pause.toMillis())));
            kill(victim, random);
            killed.merge(victim, 1, Integer::sum);
        }
    }

    /** With SIGKILL; whatever it is runs again afterwards, or is about to. */
    void kill(Victim victim, Random random) throws InterruptedException {
        switch (victim) {
            case MANAGER -> {
                stack.kill9();
                stack.up();
            }
            case SCHEDULER -> Objects.requireNonNull(scheduler).killAndStartAgain();
            case BROKER -> {
                rabbit.kill();
                rabbit.startAgain();
            }
            case DATABASE -> {
                postgres.killPostmaster();
                postgres.startAgain();
            }
            case DATABASE_BACKEND -> postgres.killBackend(random);
        }
    }

    /** As users do, but for what is late. Skips the test where one of the servers is not installed. */
    static FaultyManager start(Path data) {
        return start(data, Map.of(), List.of(LATE_IS_NOT_MISSED));
    }

    /** One to be tapped. @param environment further variables of {@code ./holdfast up} */
    static FaultyManager startToBeTapped(Path data, Map<String, String> environment) {
        return start(data, environment, TO_BE_TAPPED);
    }

    private static FaultyManager start(Path data, Map<String, String> environment, List<String> options) {
        Requirements.rabbitMq();
        Requirements.postgres();
        PostgresServer postgres = PostgresServer.start();
        RabbitMqServer rabbit = RabbitMqServer.start();
        return new FaultyManager(postgres, rabbit, start(postgres, rabbit, data, environment, options));
    }

    /** Another manager on the same servers. */
    Stack startAnother(Path data, Map<String, String> environment) {
        return start(postgres, rabbit, data, environment, TO_BE_TAPPED);
    }

    private static Stack start(
            PostgresServer postgres,
            RabbitMqServer rabbit,
            Path data,
            Map<String, String> environment,
            List<String> options) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HOLDFAST_JAVA_OPTS", String.join(" ", options));
        return Stack.start(
                data,
                List.of(
                        "--database",
                        postgres.url() + "?user=" + PostgresServer.OWNER + "&password=" + PostgresServer.OWNER,
                        "--broker",
                        rabbit.url()),
                all);
    }

    /**
     * A message as it came to the tap.
     *
     * @param body of decisions on occurrences only: a big run has too many of the others to keep
     */
    record Told(
            String type,
            String subject,
            String messageId,
            Instant at,
            @Nullable JsonNode body) {}

    /**
     * Copies every start command, every answer of a worker and every decision on an occurrence from now on; start commands only of one
     * that was started to be tapped.
     */
    void tap() throws Exception {
        try (Connection connection = connectBroker();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(TAP, true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind(TAP, "holdfast.commands", "workflow.execution.start");
            channel.queueBind(TAP, "holdfast.commands", "scheduler.execution.outcome");
            channel.queueBind(TAP, "holdfast.events", OCCURRED + ".#");
        }
    }

    /** All of them since {@link #tap()}, also those that came twice. */
    List<Told> tapped() throws Exception {
        List<Told> all = new ArrayList<>();
        try (Connection connection = connectBroker();
                Channel channel = connection.createChannel()) {
            for (GetResponse got = channel.basicGet(TAP, true); got != null; got = channel.basicGet(TAP, true)) {
                Map<String, Object> headers = got.getProps().getHeaders();
                all.add(new Told(
                        got.getProps().getType(),
                        String.valueOf(headers.get("cloudEvents_subject")),
                        got.getProps().getMessageId(),
                        Instant.parse(String.valueOf(headers.get("cloudEvents_time"))),
                        OCCURRED.equals(got.getProps().getType()) ? Api.JSON.readTree(got.getBody()) : null));
            }
        }
        return all;
    }

    private Connection connectBroker() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(rabbit.url());
        return factory.newConnection();
    }

    /**
     * Schedules more executions at random instants, as the scheduler-service stores them.
     *
     * @param deployments how many deployments, new ones, share them; each runs one at a time
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
                            + " FROM generate_series(" + deployed + ", " + (deployed + deployments - 1) + ") n");
            for (int i = 0; i < count; i++) {
                String id = "fault-" + (scheduled + i);
                String deployment = "d-" + (deployed + i % deployments);
                Instant at = first.plus((long) (random.nextDouble() * within.toNanos() / 1000), ChronoUnit.MICROS);
                due.put(id, at);
                insert.setString(1, id);
                insert.setString(2, deployment);
                insert.setString(3, deployment);
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
        scheduled += count;
        deployed += deployments;
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
        try {
            Awaitility.await("all executions end")
                    .atMost(patience)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(open())
                            .as("open executions, by status: %s", byStatus())
                            .isZero());
        } catch (ConditionTimeoutException e) {
            System.out.println(whereItStands());
            throw e;
        }
        awaitAllTold();
    }

    /** For whoever asks why it does not go on: what waits where, who does what in the database, and all threads. */
    private String whereItStands() {
        StringBuilder all = new StringBuilder();
        try {
            for (String table : List.of(
                    "scheduler_control.outbox",
                    "scheduler_control.start_batch",
                    "scheduler_control.parked_message",
                    "workflow_control.outbox",
                    "workflow_control.parked_message",
                    "workflow_control.taken")) {
                all.append(table)
                        .append(": ")
                        .append(number("SELECT count(*) FROM " + table))
                        .append('\n');
            }
            texts(
                            "SELECT concat_ws(' | ', pid, application_name, state, statement_timestamp() - xact_start, wait_event_type,"
                                    + " wait_event, pg_blocking_pids(pid)::text, query) FROM pg_stat_activity WHERE datname IS NOT NULL ORDER BY xact_start")
                    .forEach(line -> all.append(line).append('\n'));
        } catch (SQLException e) {
            all.append("the database does not tell: ").append(e).append('\n');
        }
        try {
            all.append(rabbit.control("list_queues", "name", "messages_ready", "messages_unacknowledged", "consumers"));
            all.append(rabbit.control("list_connections", "name", "state", "channels"));
        } catch (IllegalStateException e) {
            all.append("the broker does not tell: ").append(e).append('\n');
        }
        all.append(stack.whereItStands());
        SchedulerProcess second = scheduler;
        return second == null
                ? all.toString()
                : all.append(second.whereItStands()).toString();
    }

    /** Waits until nothing is on its way to the broker. */
    void awaitAllTold() {
        Awaitility.await("all is told")
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(number(
                                "SELECT (SELECT count(*) FROM scheduler_control.outbox) + (SELECT count(*) FROM workflow_control.outbox)"
                                        + " + (SELECT count(*) FROM scheduler_control.start_batch)"))
                        .isZero());
    }

    /** What must hold of each: it ran once and not before its time, said so once, and told nobody anything else. */
    void assertEachEndedExactlyOnce(Map<String, Instant> due) throws SQLException {
        assertThat(number("SELECT count(*) FROM scheduler.executions WHERE id LIKE 'fault-%'"))
                .isEqualTo(due.size());
        assertThat(
                        texts(
                                "SELECT id || ' ' || status || ' ' || coalesce(reason_code, '') || ' ' || coalesce(error, '') FROM scheduler.executions"
                                        + " WHERE id LIKE 'fault-%' AND (status <> 'failed'"
                                        + " OR error IS DISTINCT FROM 'this workflow needs a worker, and none is attached') LIMIT 10"))
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
        assertThat(texts("SELECT id || ' ' || scheduled_for || ' ' || dispatched_at FROM scheduler.executions"
                        + " WHERE id LIKE 'fault-%' AND dispatched_at < scheduled_for LIMIT 10"))
                .as("executions that were handed to a worker before their time")
                .isEmpty();
        assertThat(number("SELECT count(*) FROM workflow_control.taken WHERE execution_id LIKE 'fault-%'"))
                .as("executions that the worker took")
                .isEqualTo(due.size());
        assertNothingParked();
    }

    /** What was parked because the database was away, a message's second delivery for instance, is tried again after some seconds. */
    void assertNothingParked() {
        for (String service : List.of("scheduler", "workflow")) {
            Awaitility.await("parked messages of " + service)
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(texts("SELECT consumer || ': ' || state || ': ' || error FROM "
                                    + service + "_control.parked_message LIMIT 10"))
                            .isEmpty());
        }
    }

    /**
     * None before its time, none under two message ids, and one answer of a worker to each; answers how many start commands came twice
     * under the same id.
     */
    static long assertStartsAreRight(Map<String, Instant> due, List<Told> tapped) {
        Map<String, List<Told>> starts = bySubject(tapped, START);
        assertThat(starts.keySet()).as("executions that were started").isEqualTo(due.keySet());
        starts.forEach((id, commands) -> {
            assertThat(commands)
                    .extracting(Told::at)
                    .as("claims of " + id)
                    .allSatisfy(
                            at -> assertThat(at).isAfterOrEqualTo(due.get(id).truncatedTo(ChronoUnit.MICROS)));
            assertThat(messageIds(commands)).as("start commands of " + id).hasSize(1);
        });
        Map<String, List<Told>> answers = bySubject(tapped, OUTCOME);
        assertThat(answers.keySet()).as("executions that a worker answered").isEqualTo(due.keySet());
        answers.forEach((id, outcomes) ->
                assertThat(messageIds(outcomes)).as("answers for " + id).hasSize(1));
        return starts.values().stream().mapToLong(List::size).sum() - starts.size();
    }

    static Map<String, List<Told>> bySubject(List<Told> tapped, String type) {
        return tapped.stream().filter(told -> told.type().equals(type)).collect(Collectors.groupingBy(Told::subject));
    }

    static Set<String> messageIds(List<Told> told) {
        return told.stream().map(Told::messageId).collect(Collectors.toSet());
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
        if (scheduler != null) {
            scheduler.close();
        }
        stack.close();
        rabbit.close();
        postgres.close();
    }
}
