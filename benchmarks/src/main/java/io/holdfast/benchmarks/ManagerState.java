package io.holdfast.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Executions in the database of the manager that is measured, written as the services write them. */
final class ManagerState {

    /** Owner of the database, as the manager's login role is; also its password. */
    static final String OWNER = "holdfast";

    static final String DATABASE = "manager";

    /** Makes a start command's body about as large as the peers' messages. */
    private static final String PARAMETERS = "jsonb_build_object('note', repeat(md5(n::text), 23))";

    /** Within this all that are due together come due; shorter than any run, and their order is not that of the table. */
    private static final Duration DUE_WITHIN = Duration.ofMillis(100);

    /** How far ahead they are made, whatever their number. */
    private static final Duration LEAD = Duration.ofSeconds(4);

    private final String url;

    /** What it takes to make one more; grows on machines that are slower. */
    private Duration leadOfEach = Duration.ofNanos(150_000);

    private ManagerState(String url) {
        this.url = url;
    }

    static ManagerState create(BenchServer server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE ROLE " + OWNER + " LOGIN CREATEROLE PASSWORD '" + OWNER + "'");
            sql.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER);
        }
        return new ManagerState(server.url(DATABASE));
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, OWNER, OWNER);
    }

    String url() {
        return url;
    }

    /** No executions, and tables as if there never were any. */
    void empty() throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute("TRUNCATE scheduler.executions CASCADE");
            sql.execute("VACUUM ANALYZE scheduler.executions");
            sql.execute("VACUUM ANALYZE scheduler_control.outbox");
            sql.execute("VACUUM ANALYZE scheduler_control.start_batch");
        }
    }

    /**
     * Makes {@code count} executions that come due together, within {@link #DUE_WITHIN}, each of a deployment of its own; and leaves nothing
     * for autovacuum to do then, as the peer does.
     *
     * @return when the first of them is due, which is ahead
     */
    Instant dueTogether(int count) throws SQLException {
        while (true) {
            Instant last = Instant.now().plus(LEAD).plus(leadOfEach.multipliedBy(count));
            try (Connection connection = connect();
                    Statement sql = connection.createStatement()) {
                sql.execute(insert(
                        "due-",
                        "'" + last + "'::timestamptz - random() * interval '" + DUE_WITHIN.toMillis() + " ms'",
                        "1, " + count));
                sql.execute("VACUUM ANALYZE");
                sql.execute("SELECT pg_notify('holdfast_execution_due', '')");
            }
            Instant first = last.minus(DUE_WITHIN);
            if (Instant.now().isBefore(first.minus(LEAD.dividedBy(2)))) {
                return first;
            }
            leadOfEach = leadOfEach.multipliedBy(2);
            empty();
        }
    }

    /** Adds {@code count} executions that are due in one to thirty days. */
    void pending(int count) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute(insert(
                    "pending-",
                    "statement_timestamp() + interval '1 day' + random() * interval '29 days'",
                    "1, " + count));
            sql.execute("VACUUM ANALYZE scheduler.executions");
        }
    }

    private static String insert(String prefix, String scheduledFor, String series) {
        return "INSERT INTO scheduler.executions (tenant_name, id, workflow_id, deployment_id, deployment_display_name, blueprint_id,"
                + " status, parameters, scheduled_for, created_at, created_by) SELECT 'tenant_' || n % 5, '" + prefix
                + "' || gen_random_uuid(), 'install', 'deployment-' || n, 'deployment-' || n, 'blueprint-' || n % 200,"
                + " 'scheduled', " + PARAMETERS + ", " + scheduledFor + ", statement_timestamp(), 'admin'"
                + " FROM generate_series(" + series + ") n";
    }

    /** Adds executions that are due at the given instants, by id. */
    void dueAt(Map<String, Instant> due) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO scheduler.executions (tenant_name, id,"
                                + " workflow_id, deployment_id, status, parameters, scheduled_for, created_at, created_by)"
                                + " SELECT 'tenant_' || n % 5, ?, 'install', ?, 'scheduled', " + PARAMETERS
                                + ", ?, statement_timestamp(), 'admin' FROM (SELECT ?::integer AS n) x");
                Statement notify = connection.createStatement()) {
            connection.setAutoCommit(false);
            int n = 0;
            for (Map.Entry<String, Instant> entry : new TreeMap<>(due).entrySet()) {
                insert.setString(1, entry.getKey());
                insert.setString(2, "of-" + entry.getKey());
                insert.setTimestamp(3, Timestamp.from(entry.getValue()));
                insert.setInt(4, n++);
                insert.addBatch();
            }
            insert.executeBatch();
            notify.execute("SELECT pg_notify('holdfast_execution_due', '')");
            connection.commit();
        }
    }

    /** Deployments {@code shop-0} … that have the workflow {@code backup}. */
    void deployments(int count) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute(
                    "INSERT INTO inventory.deployments (tenant_name, id, display_name, blueprint_id, workflows, visibility, created_at,"
                            + " created_by) SELECT 'default_tenant', 'shop-' || n, 'shop-' || n, 'shop', jsonb_build_array(jsonb_build_object("
                            + "'name', 'backup', 'plugin', 'default_workflows', 'operation', 'p.backup', 'parameters', '{}'::jsonb,"
                            + " 'is_available', true, 'is_cascading', false)), 'tenant', statement_timestamp(), 'admin'"
                            + " FROM generate_series(0, " + (count - 1) + ") n");
            sql.execute("VACUUM ANALYZE inventory.deployments");
        }
    }

    /** The later of creation and due time of each execution of {@code backup}, and whether it had a due time. */
    Map<String, Submitted> submitted() throws SQLException {
        Map<String, Submitted> submitted = new TreeMap<>();
        try (Connection connection = connect();
                Statement sql = connection.createStatement();
                ResultSet row =
                        sql.executeQuery("SELECT id, greatest(created_at, scheduled_for), scheduled_for IS NOT NULL"
                                + " FROM scheduler.executions WHERE workflow_id = 'backup'")) {
            while (row.next()) {
                submitted.put(
                        row.getString(1), new Submitted(row.getTimestamp(2).toInstant(), row.getBoolean(3)));
            }
        }
        return submitted;
    }

    record Submitted(Instant due, boolean scheduled) {}

    boolean outboxIsEmpty() throws SQLException {
        return count("SELECT count(*) FROM (SELECT FROM scheduler_control.outbox UNION ALL"
                        + " SELECT FROM scheduler_control.start_batch LIMIT 1) o")
                == 0;
    }

    long count(String query) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
