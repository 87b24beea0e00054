package io.holdfast.workflow.bridge.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.bridge.Letter;
import io.holdfast.workflow.bridge.Letters;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code workflow_control.bridge_letter}. Several instances share it: what one holds, the others skip. */
@ApplicationScoped
class PgLetters implements Letters {

    private static final Logger LOG = Logger.getLogger(PgLetters.class);

    private final AgroalDataSource dataSource;
    private final ObjectMapper json;

    PgLetters(@DataSource(WorkflowMessaging.SERVICE) AgroalDataSource dataSource, ObjectMapper json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    @Override
    public void append(Letter letter) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO workflow_control.bridge_letter"
                                + " (kind, tenant_name, execution_id, dispatch_token, on_behalf_of, body) VALUES (?, ?, ?, ?, ?, ?::jsonb)");
                PreparedStatement notify =
                        connection.prepareStatement("SELECT pg_notify('" + NOTIFY_CHANNEL + "', '')")) {
            insert.setString(1, letter.kind().wireName());
            insert.setString(2, letter.tenantName());
            insert.setString(3, letter.subject());
            insert.setString(4, letter.dispatchToken());
            insert.setString(5, letter.onBehalfOf());
            insert.setString(6, Json.write(json, letter.body()));
            insert.executeUpdate();
            notify.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write a letter about " + letter.subject(), e);
        }
    }

    @Override
    public void settled(String tenantName, String executionId) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement delete = connection.prepareStatement("DELETE FROM workflow_control.bridge_letter"
                        + " WHERE tenant_name = ? AND execution_id = ? AND published_at IS NOT NULL")) {
            delete.setString(1, tenantName);
            delete.setString(2, executionId);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop letters about execution " + executionId, e);
        }
    }

    @Override
    public int deliver(int limit, Postman postman) throws IOException, TimeoutException, InterruptedException {
        int looked = 0;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                while (looked < limit && deliverOne(connection, postman)) {
                    connection.commit();
                    looked++;
                }
                connection.commit();
            } catch (SQLException | IOException | TimeoutException | InterruptedException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new IOException("cannot read letters", e);
        }
        return looked;
    }

    private boolean deliverOne(Connection connection, Postman postman)
            throws SQLException, IOException, TimeoutException, InterruptedException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT seq, kind, tenant_name, execution_id, dispatch_token, on_behalf_of, body, attempts"
                                + " FROM workflow_control.bridge_letter WHERE published_at IS NULL"
                                + " AND not_before <= statement_timestamp() ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return false;
            }
            long seq = row.getLong("seq");
            int attempts = row.getInt("attempts") + 1;
            Letter letter = new Letter(
                    Letter.Kind.of(row.getString("kind")),
                    row.getString("tenant_name"),
                    row.getString("execution_id"),
                    row.getString("dispatch_token"),
                    row.getString("on_behalf_of"),
                    Json.read(json, row.getString("body")));
            String refusal = postman.post(letter);
            if (refusal == null) {
                posted(connection, seq, letter.kind() == Letter.Kind.START);
            } else {
                later(connection, seq, attempts, refusal);
                if (attempts == 1) {
                    LOG.warnf(
                            "The %s of %s was not taken by the broker and will be tried again: %s",
                            letter.kind().wireName(), letter.subject(), refusal);
                }
            }
            return true;
        }
    }

    private static void posted(Connection connection, long seq, boolean kept) throws SQLException {
        String sql = kept
                ? "UPDATE workflow_control.bridge_letter SET published_at = statement_timestamp(), last_error = NULL WHERE seq = ?"
                : "DELETE FROM workflow_control.bridge_letter WHERE seq = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, seq);
            statement.executeUpdate();
        }
    }

    /** 1 s, 2 s, 4 s ... 5 min. */
    private static void later(Connection connection, long seq, int attempts, @Nullable String error)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE workflow_control.bridge_letter"
                + " SET attempts = ?, last_error = ?, not_before = statement_timestamp() + ? * interval '1 second'"
                + " WHERE seq = ?")) {
            update.setInt(1, attempts);
            update.setString(2, error);
            update.setLong(3, Math.min(300, 1L << Math.min(attempts - 1, 9)));
            update.setLong(4, seq);
            update.executeUpdate();
        }
    }

    @Override
    public int startAgain() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement("UPDATE workflow_control.bridge_letter"
                        + " SET published_at = NULL WHERE kind = 'start' AND published_at IS NOT NULL")) {
            return update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make starts due again", e);
        }
    }
}
