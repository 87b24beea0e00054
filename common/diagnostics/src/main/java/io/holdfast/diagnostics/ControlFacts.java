package io.holdfast.diagnostics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.diagnostics.ProcessReport.Missing;
import io.holdfast.messaging.ServiceSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a service has in its control schema: messages that wait, those that are dead, and which migrations made it. Reads as the service. */
final class ControlFacts {

    private static final int SECONDS = 10;

    private static final Map<String, String> QUESTIONS = questions();

    private ControlFacts() {}

    private static Map<String, String> questions() {
        Map<String, String> questions = new LinkedHashMap<>();
        questions.put(
                "outbox",
                "SELECT count(*) AS waiting, min(created_at)::text AS oldest, max(attempts) AS most_attempts,"
                        + " count(*) FILTER (WHERE last_error IS NOT NULL) AS refused FROM %1$s.outbox");
        questions.put(
                "outbox_errors",
                "SELECT type, left(last_error, 300) AS error, count(*) AS messages FROM %1$s.outbox"
                        + " WHERE last_error IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20");
        questions.put(
                "inbox",
                "SELECT consumer, count(*) AS remembered, max(received_at)::text AS latest FROM %1$s.inbox GROUP BY 1 ORDER BY 1");
        questions.put(
                "parked_messages",
                "SELECT consumer, state, reason, count(*) AS messages, max(attempt) AS most_attempts,"
                        + " min(parked_at)::text AS oldest FROM %1$s.parked_message GROUP BY 1, 2, 3 ORDER BY 1, 2, 3");
        questions.put("broker", "SELECT first_used_at::text, rebuilt_at::text, rebuilds FROM %1$s.broker_use");
        questions.put(
                "messaging_migrations",
                "SELECT version, description, installed_on::text, success FROM %1$s.messaging_history ORDER BY installed_rank");
        return questions;
    }

    /** @param missing gets what cannot be read */
    static ObjectNode of(ServiceSchema service, List<Missing> missing) {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("service", service.name());
        Map<String, String> questions = new LinkedHashMap<>(QUESTIONS);
        if (service.migrations() != null) {
            questions.put(
                    "migrations",
                    "SELECT version, description, installed_on::text, success FROM %1$s.schema_history ORDER BY installed_rank");
        }
        try (Connection connection = service.dataSource().getConnection()) {
            for (Map.Entry<String, String> question : questions.entrySet()) {
                String sql = String.format(java.util.Locale.ROOT, question.getValue(), service.controlSchema());
                try {
                    facts.set(question.getKey(), rows(connection, sql));
                } catch (SQLException e) {
                    missing.add(new Missing(service.name() + " " + question.getKey(), e.getMessage()));
                }
            }
        } catch (SQLException e) {
            missing.add(new Missing(
                    "what the " + service.name() + "-service has in the database",
                    "it has no connection: " + e.getMessage()));
        }
        return facts;
    }

    private static ArrayNode rows(Connection connection, String sql) throws SQLException {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        try (Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(SECONDS);
            try (ResultSet row = statement.executeQuery(sql)) {
                ResultSetMetaData columns = row.getMetaData();
                while (row.next()) {
                    ObjectNode json = rows.addObject();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        json.putPOJO(columns.getColumnLabel(i), row.getObject(i));
                    }
                }
            }
        }
        return rows;
    }
}
