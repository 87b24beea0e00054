package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.e2e.FaultyManager.Told;
import io.holdfast.e2e.FaultyManager.Victim;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at random moments while two schedulers follow schedules of every overlap policy: each occurrence is decided on exactly once,
 * none is lost, none is early, what comes of it runs once, and no policy is broken.
 *
 * <p>{@code -Dholdfast.faults.schedules=N} takes more schedules, {@code -Dholdfast.faults.occurrences=N} more occurrences of each,
 * {@code -Dholdfast.faults.seed=N} repeats a run's plan.
 */
class SchedulesCrashE2E {

    private static final int SCHEDULES = Integer.getInteger("holdfast.faults.schedules", 40);
    private static final int OCCURRENCES = Integer.getInteger("holdfast.faults.occurrences", 12);
    private static final long SEED = Long.getLong("holdfast.faults.seed", System.nanoTime());
    private static final int EVERY_SECONDS = 3;
    private static final List<String> OVERLAPS = List.of("skip", "queue_one", "queue_all", "cancel_other", "allow");
    private static final Duration PATIENCE = Duration.ofMinutes(6).plusMillis(60L * SCHEDULES * OCCURRENCES);

    /**
     * What came of each occurrence, with the moments at which the database committed that it was decided ({@code decided}) and that its
     * execution ended ({@code ended}): these alone order transactions, since a statement's own time is from before it sees anything.
     */
    private static final String RUNS = """
            WITH ends AS MATERIALIZED (
                SELECT execution_id, min(changed_at) AS at, min(pg_xact_commit_timestamp(xmin)) AS committed
                  FROM scheduler.execution_history WHERE to_status IN ('terminated', 'failed', 'cancelled') GROUP BY 1),
            runs AS MATERIALIZED (
                SELECT s.overlap, r.deployment_id AS schedule, r.occurrence_at, r.outcome, r.execution_id, r.decided_at,
                       pg_xact_commit_timestamp(r.xmin) AS decided, e.dispatched_at, ends.at AS ended_at, ends.committed AS ended
                  FROM scheduler.schedule_runs r
                  JOIN scheduler.execution_schedules s ON s.deployment_id = r.deployment_id AND s.id = r.schedule_id
                  LEFT JOIN scheduler.executions e ON e.id = r.execution_id
                  LEFT JOIN ends ON ends.execution_id = r.execution_id)
            """;

    /** Of two executions of one schedule, {@code a} is of the earlier occurrence. */
    private static final String PAIRS = RUNS
            + "SELECT a.overlap || ' ' || a.schedule || ': ' || a.execution_id || ' and ' || b.execution_id"
            + " FROM runs a JOIN runs b ON b.schedule = a.schedule AND a.occurrence_at < b.occurrence_at"
            + " WHERE a.execution_id IS NOT NULL AND b.execution_id IS NOT NULL AND ";

    @TempDir
    Path folder;

    @Test
    void eachOccurrenceIsDecidedExactlyOnceThoughEverythingIsKilled() throws Exception {
        System.out.println("the plan's seed: -Dholdfast.faults.seed=" + SEED);
        Random random = new Random(SEED);
        try (FaultyManager manager = FaultyManager.startWithSecondScheduler(folder.resolve("data"))) {
            // given
            SmallManager.into(manager.stack, folder);
            assertThat(manager.stack
                            .api()
                            .delete("/api/v3.1/execution-schedules/nightly-backup?deployment_id=shop")
                            .status())
                    .isEqualTo(204);
            keepTimesOfCommits(manager);
            manager.tap();
            deployments(manager);
            Instant since = Instant.now().plusSeconds(20).truncatedTo(ChronoUnit.SECONDS);
            for (int n = 0; n < SCHEDULES; n++) {
                schedule(manager.stack.api(), n, since);
            }
            Instant end = since.plusSeconds((long) EVERY_SECONDS * OCCURRENCES);

            // when: everything at least once, and on as long as there are occurrences
            Map<Victim, Integer> killed = new EnumMap<>(Victim.class);
            do {
                manager.killEachOnce(random, Duration.ofSeconds(4), killed);
            } while (Instant.now().isBefore(end));
            Awaitility.await("all occurrences are over")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(
                                    manager.texts(
                                            "SELECT 'schedules that go on: ' || count(*) FROM scheduler.execution_schedules"
                                                    + " WHERE next_occurrence IS NOT NULL HAVING count(*) > 0 UNION ALL"
                                                    + " SELECT status || ': ' || count(*) FROM scheduler.executions WHERE schedule_id IS NOT NULL"
                                                    + " AND status NOT IN ('terminated', 'failed', 'cancelled') GROUP BY status"))
                            .isEmpty());
            manager.awaitAllTold();

            // then
            List<Told> tapped = manager.tapped();
            assertEachIsDecidedOnce(manager, tapped);
            assertEachRunsOnce(manager, tapped);
            assertPoliciesAreKept(manager);
            manager.assertNothingParked();
            System.out.printf(
                    "%d schedules with %d occurrences each, killed %s: %s%n",
                    SCHEDULES,
                    OCCURRENCES,
                    killed,
                    manager.texts(
                            "SELECT outcome || ' ' || count(*) FROM scheduler.schedule_runs GROUP BY outcome ORDER BY 1"));
        }
    }

    private static void keepTimesOfCommits(FaultyManager manager) throws Exception {
        try (Connection administrator = DriverManager.getConnection(manager.postgres.url(), "postgres", "");
                Statement sql = administrator.createStatement()) {
            sql.execute("ALTER SYSTEM SET track_commit_timestamp = on");
        }
        manager.kill(Victim.DATABASE, new Random());
    }

    /** One for each schedule, so that none waits for another's executions. */
    private static void deployments(FaultyManager manager) throws SQLException {
        try (Connection connection = manager.postgres.connect();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO inventory.deployments (tenant_name, id, display_name, blueprint_id, workflows, created_at, created_by)"
                            + " SELECT tenant_name, 'd-' || n, 'd-' || n, blueprint_id, workflows, created_at, created_by"
                            + " FROM inventory.deployments, generate_series(0, " + (SCHEDULES - 1)
                            + ") n WHERE id = 'shop'");
        }
    }

    private static void schedule(Api api, int n, Instant since) {
        Api.Answer answer = api.put("/api/v3.1/execution-schedules/s?deployment_id=d-" + n, """
                {"workflow_id": "backup", "since": "%s", "recurrence": "%d seconds", "count": %d, "overlap": "%s", "slip": 600,
                 "jitter_seconds": %d}
                """.formatted(
                        since, EVERY_SECONDS, OCCURRENCES, OVERLAPS.get(n % OVERLAPS.size()), n % 7 == 0 ? 1 : 0));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static void assertEachIsDecidedOnce(FaultyManager manager, List<Told> tapped) throws SQLException {
        none(
                manager,
                "occurrences that nobody decided on",
                "SELECT s.deployment_id || ' ' || o.at FROM scheduler.execution_schedules s CROSS JOIN LATERAL"
                        + " generate_series(s.since, s.since + interval '" + EVERY_SECONDS * (OCCURRENCES - 1)
                        + " s', interval '"
                        + EVERY_SECONDS
                        + " s') AS o(at) LEFT JOIN scheduler.schedule_runs r ON r.deployment_id = s.deployment_id"
                        + " AND r.schedule_id = s.id AND r.occurrence_at = o.at WHERE r.outcome IS NULL");
        assertThat(manager.number("SELECT count(*) FROM scheduler.schedule_runs"))
                .as("decisions")
                .isEqualTo((long) SCHEDULES * OCCURRENCES);
        none(
                manager,
                "decisions that no fault explains",
                "SELECT deployment_id || ' ' || outcome || ' ' || coalesce(reason, '') || ' ' || coalesce(detail, '')"
                        + " FROM scheduler.schedule_runs WHERE outcome NOT IN ('started', 'queued', 'skipped')");
        none(
                manager,
                "decisions before their time",
                "SELECT deployment_id || ' ' || occurrence_at FROM scheduler.schedule_runs WHERE decided_at < occurrence_at");
        Map<String, List<Told>> occurrences = tapped.stream()
                .filter(told -> told.type().equals(FaultyManager.OCCURRED))
                .collect(Collectors.groupingBy(
                        told -> told.body().get("deploymentId").asText() + " "
                                + told.body().get("occurrenceAt").asText()));
        assertThat(occurrences).as("occurrences that were told").hasSize(SCHEDULES * OCCURRENCES);
        occurrences.forEach((occurrence, told) ->
                assertThat(FaultyManager.messageIds(told)).as(occurrence).hasSize(1));
    }

    private static void assertEachRunsOnce(FaultyManager manager, List<Told> tapped) throws SQLException {
        none(
                manager,
                "decisions without their execution, or with one that they should not have",
                "SELECT r.deployment_id || ' ' || r.occurrence_at || ' ' || r.outcome FROM scheduler.schedule_runs r"
                        + " LEFT JOIN scheduler.executions e ON e.id = r.execution_id AND e.deployment_id = r.deployment_id"
                        + " AND e.schedule_id = r.schedule_id AND e.occurrence_at = r.occurrence_at"
                        + " WHERE (r.outcome <> 'skipped') <> (e.id IS NOT NULL)");
        none(
                manager,
                "executions without their decision",
                "SELECT e.id FROM scheduler.executions e WHERE e.schedule_id IS NOT NULL AND NOT EXISTS"
                        + " (SELECT FROM scheduler.schedule_runs r WHERE r.execution_id = e.id)");
        none(
                manager,
                "executions that did not end as the worker answered, or by their schedule's cancel",
                "SELECT e.id || ' ' || e.status || ' ' || coalesce(e.error, '') FROM scheduler.executions e"
                        + " JOIN scheduler.execution_schedules s ON s.deployment_id = e.deployment_id AND s.id = e.schedule_id"
                        + " WHERE NOT (e.status = 'failed' AND e.error = 'this workflow needs a worker, and none is attached'"
                        + " OR e.status = 'cancelled' AND s.overlap = 'cancel_other')");
        none(
                manager,
                "executions whose end is not in the journal exactly once",
                "SELECT e.id || ' ' || count(j.*) FROM scheduler.executions e LEFT JOIN scheduler.events j"
                        + " ON j.tenant_name = e.tenant_name AND j.execution_id = e.id"
                        + " AND j.event_type IN ('workflow_succeeded', 'workflow_failed', 'workflow_cancelled')"
                        + " WHERE e.schedule_id IS NOT NULL GROUP BY e.id HAVING count(j.*) <> 1");
        none(
                manager,
                "executions that were handed to a worker twice, or never although nobody cancelled them",
                "SELECT id || ' ' || dispatch_attempt FROM scheduler.executions WHERE schedule_id IS NOT NULL"
                        + " AND dispatch_attempt <> 1 AND NOT (status = 'cancelled' AND dispatch_attempt = 0)");
        none(
                manager,
                "executions that were handed to a worker before their time",
                "SELECT id FROM scheduler.executions WHERE schedule_id IS NOT NULL AND dispatched_at < scheduled_for");
        FaultyManager.bySubject(tapped, FaultyManager.START)
                .forEach((id, starts) -> assertThat(FaultyManager.messageIds(starts))
                        .as("start commands of " + id)
                        .hasSize(1));
        // One that is cancelled while its start command waits for the broker need not be started any more.
        Map<String, Instant> ran = manager
                .texts(
                        "SELECT id || ' ' || to_char(scheduled_for AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                                + " FROM scheduler.executions WHERE schedule_id IS NOT NULL AND status = 'failed'")
                .stream()
                .map(text -> text.split(" "))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Instant.parse(parts[1])));
        FaultyManager.assertStartsAreRight(
                ran,
                tapped.stream().filter(told -> ran.containsKey(told.subject())).toList());
    }

    private static void assertPoliciesAreKept(FaultyManager manager) throws SQLException {
        none(manager, "two at once", PAIRS + "a.overlap = 'skip' AND a.ended >= b.decided");
        none(
                manager,
                "two with a worker at once",
                PAIRS
                        + "a.overlap <> 'allow' AND a.dispatched_at IS NOT NULL AND b.dispatched_at IS NOT NULL AND tstzrange(a.dispatched_at, a.ended_at) && tstzrange(b.dispatched_at, b.ended_at)");
        none(
                manager,
                "two that wait",
                PAIRS + "a.overlap = 'queue_one' AND coalesce(a.dispatched_at, a.ended) >= b.decided");
        none(
                manager,
                "not cancelled by the next one",
                PAIRS + "a.overlap = 'cancel_other' AND a.ended >= b.decided AND NOT EXISTS (SELECT FROM"
                        + " scheduler.execution_history h WHERE h.execution_id = a.execution_id"
                        + " AND h.to_status IN ('cancelling', 'cancelled') AND pg_xact_commit_timestamp(h.xmin) <= b.decided)");
        none(
                manager,
                "skipped although their policy is another, or no other was open",
                RUNS + "SELECT overlap || ' ' || schedule || ' ' || occurrence_at FROM runs b WHERE outcome = 'skipped'"
                        + " AND NOT (overlap IN ('skip', 'queue_one') AND EXISTS (SELECT FROM runs a WHERE a.schedule = b.schedule"
                        + " AND a.execution_id IS NOT NULL AND a.decided <= b.decided AND a.ended > b.decided_at))");
        none(
                manager,
                "queued although their policy is another, or no other was open",
                RUNS + "SELECT overlap || ' ' || schedule || ' ' || occurrence_at FROM runs b WHERE outcome = 'queued'"
                        + " AND NOT (overlap IN ('queue_one', 'queue_all', 'cancel_other') AND EXISTS (SELECT FROM runs a"
                        + " WHERE a.schedule = b.schedule AND a.execution_id IS NOT NULL AND a.occurrence_at < b.occurrence_at"
                        + " AND a.decided <= b.decided AND a.ended > b.decided_at))");
    }

    private static void none(FaultyManager manager, String what, String query) throws SQLException {
        assertThat(manager.texts(query + " LIMIT 10")).as(what).isEmpty();
    }
}
