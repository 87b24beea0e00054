package io.holdfast.snapshot.bundles.storage;

import io.holdfast.snapshot.bundles.BundleContents;
import io.holdfast.snapshot.bundles.BundleSource;
import io.holdfast.snapshot.bundles.Statements;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL tells of itself to the login role, which may see the sessions of all services; only numbers, names and statements. */
@ApplicationScoped
class DatabaseFacts implements BundleSource {

    private static final int CONNECT_SECONDS = 5;
    private static final int STATEMENT_SECONDS = 10;

    private static final Map<String, String> QUESTIONS = questions();

    private final String url;
    private final String username;
    private final String password;

    DatabaseFacts(
            @ConfigProperty(name = "holdfast.database.url") String url,
            @ConfigProperty(name = "holdfast.database.username") String username,
            @ConfigProperty(name = "holdfast.database.password") String password) {
        this.url = url;
        this.username = username;
        this.password = password;
    }

    private static Map<String, String> questions() {
        Map<String, String> questions = new LinkedHashMap<>();
        questions.put(
                "server",
                "SELECT version(), pg_postmaster_start_time()::text AS started_at, clock_timestamp()::text AS now,"
                        + " pg_is_in_recovery() AS standby, pg_database_size(current_database()) AS database_bytes,"
                        + " age(datfrozenxid) AS transaction_age, stats_reset::text, deadlocks, temp_bytes, xact_commit, xact_rollback,"
                        + " blks_hit, blks_read FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid"
                        + " WHERE d.datname = current_database()");
        questions.put(
                "settings",
                "SELECT name, setting, unit, source FROM pg_settings WHERE source NOT IN ('default', 'client', 'session')"
                        + " AND name !~* '(password|passphrase|secret|key|conninfo|_command)' ORDER BY name");
        questions.put("extensions", "SELECT extname AS name, extversion AS version FROM pg_extension ORDER BY 1");
        questions.put(
                "state_migrations",
                "SELECT version, description, installed_on::text, success FROM access.state_history ORDER BY installed_rank");
        questions.put(
                "tables",
                "SELECT schemaname AS schema, relname AS table, pg_total_relation_size(relid) AS bytes, n_live_tup AS rows_about,"
                        + " n_dead_tup AS dead_rows_about, seq_scan, idx_scan, last_autovacuum::text, last_autoanalyze::text"
                        + " FROM pg_stat_user_tables ORDER BY 3 DESC LIMIT 300");
        questions.put(
                "sessions",
                "SELECT usename AS user, application_name AS application, state, wait_event_type, count(*) AS sessions"
                        + " FROM pg_stat_activity WHERE datname = current_database() GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC");
        questions.put(
                "long_transactions",
                "SELECT pid, usename AS user, application_name AS application, state, wait_event_type, wait_event,"
                        + " extract(epoch FROM clock_timestamp() - xact_start)::bigint AS transaction_seconds,"
                        + " extract(epoch FROM clock_timestamp() - query_start)::bigint AS statement_seconds,"
                        + " pg_blocking_pids(pid)::text AS blocked_by, left(query, 2000) AS statement FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        + " AND xact_start < clock_timestamp() - interval '2 seconds' ORDER BY xact_start LIMIT 50");
        questions.put(
                "replication",
                "SELECT application_name AS node, client_addr::text, state, sync_state, sent_lsn::text, replay_lsn::text,"
                        + " pg_wal_lsn_diff(sent_lsn, replay_lsn) AS behind_bytes, reply_time::text FROM pg_stat_replication ORDER BY 1");
        questions.put(
                "replication_slots",
                "SELECT slot_name, slot_type, active, restart_lsn::text, wal_status FROM pg_replication_slots ORDER BY 1");
        return questions;
    }

    @Override
    public int order() {
        return 20;
    }

    @Override
    public void gather(BundleContents contents) throws IOException {
        Properties properties = new Properties();
        properties.put("user", username);
        properties.put("password", password);
        properties.put("ApplicationName", "holdfast log bundle");
        properties.put("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.put("loginTimeout", String.valueOf(CONNECT_SECONDS));
        properties.put("socketTimeout", String.valueOf(3 * STATEMENT_SECONDS));
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            for (Map.Entry<String, String> question : QUESTIONS.entrySet()) {
                if (contents.isLate()) {
                    contents.missing("database " + question.getKey(), "there was no time left");
                    continue;
                }
                try {
                    facts.put(question.getKey(), rows(connection, question.getValue()));
                } catch (SQLException e) {
                    contents.missing("database " + question.getKey(), String.valueOf(e.getMessage()));
                }
            }
        } catch (SQLException e) {
            contents.missing("what the database tells", "no connection: " + e.getMessage());
        }
        if (!facts.isEmpty()) {
            contents.json(
                    "database.json",
                    "PostgreSQL: version, sizes, migrations, sessions, long transactions, replication",
                    facts);
        }
    }

    private static List<Map<String, @Nullable Object>> rows(Connection connection, String sql) throws SQLException {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(STATEMENT_SECONDS);
            try (ResultSet row = statement.executeQuery(sql)) {
                ResultSetMetaData columns = row.getMetaData();
                while (row.next()) {
                    Map<String, @Nullable Object> values = new LinkedHashMap<>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        String column = columns.getColumnLabel(i);
                        Object value = row.getObject(i);
                        boolean isStatement = column.equals("statement") && value != null;
                        values.put(column, isStatement ? Statements.withoutValues(String.valueOf(value)) : value);
                    }
                    rows.add(values);
                }
            }
        }
        return rows;
    }
}
