package io.holdfast.scheduler.dispatch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Executions as rows, made and read with SQL. */
public final class Rows {

    private final DataSource dataSource;

    public Rows(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Nothing but what a new installation has. */
    public void clear() {
        run("DELETE FROM scheduler.executions");
        run("DELETE FROM scheduler.tenant_limits");
        run("DELETE FROM scheduler.concurrency_limits");
        run("DELETE FROM scheduler_control.tenant_starts");
        run("DELETE FROM scheduler_control.outbox");
        run("DELETE FROM scheduler_control.start_batch");
    }

    /** {@code count} scheduled ones of ids {@code prefix1 ...}, due a minute ago and each a millisecond after the one before. */
    public void due(String tenant, String prefix, int count, String columns, String values) {
        scheduled(tenant, prefix, count, "statement_timestamp() - interval '1 minute'", columns, values);
    }

    public void scheduled(String tenant, String prefix, int count, String first, String columns, String values) {
        run("INSERT INTO scheduler.executions (tenant_name, id, workflow_id, status, scheduled_for, created_at"
                + columns
                + ") SELECT '" + tenant + "', '" + prefix + "' || n, 'install', 'scheduled', " + first
                + " + n * interval '1 millisecond', statement_timestamp()" + values + " FROM generate_series(1, "
                + count
                + ") n");
    }

    public void run(String sql) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    public List<String> ids(String status) {
        return texts("SELECT id FROM scheduler.executions WHERE status = '" + status + "' ORDER BY storage_id");
    }

    public String text(String sql) {
        return texts(sql).get(0);
    }

    /** How PostgreSQL has carried out a query, by {@code EXPLAIN (ANALYZE, BUFFERS)}: its uppermost node. */
    public JsonNode plan(String sql) throws JsonProcessingException {
        return new ObjectMapper()
                .readTree(text("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql))
                .get(0)
                .get("Plan");
    }

    /** @return how many pages it has read, from memory or not */
    public static long pages(JsonNode plan) {
        return plan.path("Shared Hit Blocks").asLong()
                + plan.path("Shared Read Blocks").asLong();
    }

    public List<String> texts(String sql) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
