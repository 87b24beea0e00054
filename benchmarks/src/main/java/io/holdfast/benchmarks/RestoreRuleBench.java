package io.holdfast.benchmarks;

import io.holdfast.restore.rule.Fate;
import io.holdfast.restore.rule.RuleOutcome;
import io.holdfast.restore.rule.RuleTerms;
import io.holdfast.restore.rule.storage.RuleSql;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** The restore rule on staged schemas, as a restore runs it: half of the scheduled executions are overdue. */
final class RestoreRuleBench {

    private static final StateSchemas STAGED = StateSchemas.STAGING;
    private static final String RESTORE = "bench";
    private static final long EPOCH = 7;

    private final String url;
    private final Connection connection;
    private final int count;

    RestoreRuleBench(String url, Connection connection, int count) {
        this.url = url;
        this.connection = connection;
        this.count = count;
    }

    void measure(Map<String, String> json) throws IOException, SQLException {
        SchedulerBench.OUT.printf("restore: %,d scheduled executions, half of them overdue%n", count);
        StateMigrator migrator = new StateMigrator(url, ManagerState.OWNER, ManagerState.OWNER);
        migrator.migrate(STAGED, null);
        try (Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO restore_control.restores (id, snapshot_id, tenant_name, requested_by, requested_at, options, status)"
                            + " VALUES ('" + RESTORE
                            + "', 'bench', 'default_tenant', 'admin', now(), '{}', 'completed')");
            sql.execute("INSERT INTO " + STAGED.scheduler()
                    + ".executions (tenant_name, id, workflow_id, deployment_id, blueprint_id,"
                    + " status, parameters, scheduled_for, created_at, created_by) SELECT 'tenant_' || n % 5, gen_random_uuid(),"
                    + " 'install', 'deployment-' || n % 2000, 'blueprint', 'scheduled', '{}', CASE WHEN n % 2 = 0"
                    + " THEN now() - interval '1 h' - n * interval '1 ms' ELSE now() + interval '1 day' + n * interval '1 ms' END, now() - interval '1 day', 'admin' FROM generate_series(1, "
                    + count + ") n");
            sql.execute("ANALYZE " + STAGED.scheduler() + ".executions");
        }
        connection.setAutoCommit(false);
        Instant t0 = Instant.now();
        long start = System.nanoTime();
        Map<Fate, Long> fates = rule(t0).fates();
        connection.commit();
        double first = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        rule(t0);
        long changed = changedByThisTransaction();
        connection.commit();
        double second = (System.nanoTime() - start) / 1e9;
        connection.setAutoCommit(true);
        migrator.drop(STAGED);
        if (fates.getOrDefault(Fate.OVERDUE, 0L) != count / 2) {
            throw new IOException("of " + count + " executions half are overdue, but the rule found " + fates);
        }
        json.put("restore_rule_100k_s", SchedulerBench.number(first));
        json.put("restore_rule_rows", Integer.toString(count));
        json.put("restore_rule_second_pass_s", SchedulerBench.number(second));
        json.put("restore_rule_second_pass_changed", Long.toString(changed));
        SchedulerBench.OUT.printf(
                Locale.ROOT, "  %.2f s; second pass %.2f s, %d rows changed%n", first, second, changed);
    }

    private RuleOutcome rule(Instant t0) throws SQLException {
        return RuleSql.apply(
                connection, STAGED, StateSchemas.LIVE, new RuleTerms(RESTORE, null, t0, Duration.ZERO, EPOCH));
    }

    private long changedByThisTransaction() throws SQLException {
        long changed = 0;
        for (String table : new String[] {
            STAGED.scheduler() + ".executions", STAGED.scheduler() + ".events", "restore_control.restore_action"
        }) {
            try (Statement sql = connection.createStatement();
                    ResultSet row = sql.executeQuery("SELECT count(*) FROM " + table
                            + " WHERE xmin::text::bigint = pg_current_xact_id()::text::bigint % 4294967296")) {
                row.next();
                changed += row.getLong(1);
            }
        }
        return changed;
    }
}
