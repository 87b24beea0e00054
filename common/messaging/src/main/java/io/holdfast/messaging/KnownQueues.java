package io.holdfast.messaging;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The queues of all services of the installation, also of those that run in other processes: each service writes down its own in its
 * control schema ({@link ControlSchema}). Whoever finds an empty broker declares all of them before it publishes; else a fact could go
 * to the queues that are there already and miss the one that is not there yet. Reads as the login role, which owns the schemas.
 */
final class KnownQueues {

    private final String jdbcUrl;
    private final String username;
    private final String password;

    KnownQueues(String jdbcUrl, String username, String password) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
    }

    /** The control schemas by the queues that their services consume. */
    Map<String, String> schemas() throws IOException {
        Map<String, String> schemas = new LinkedHashMap<>();
        read().forEach((schema, bindings) -> bindings.forEach(binding -> schemas.put(binding.queue(), schema)));
        return schemas;
    }

    /** Connections as the login role. */
    DataSource connections() {
        PGSimpleDataSource connections = new PGSimpleDataSource();
        connections.setUrl(jdbcUrl);
        connections.setUser(username);
        connections.setPassword(password);
        return connections;
    }

    List<QueueBinding> all() throws IOException {
        return read().values().stream().flatMap(List::stream).toList();
    }

    private Map<String, List<QueueBinding>> read() throws IOException {
        Map<String, List<QueueBinding>> found = new LinkedHashMap<>();
        try (Connection connection = connections().getConnection()) {
            for (String schema : controlSchemas(connection)) {
                found.put(schema, bindings(connection, schema));
            }
        } catch (SQLException e) {
            throw new IOException("cannot read which queues there are: " + e.getMessage(), e);
        }
        return found;
    }

    private static List<String> controlSchemas(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE c.relname = 'queue_binding' AND n.nspname ~ '^[a-z]+_control$' ORDER BY 1");
                ResultSet rows = select.executeQuery()) {
            List<String> schemas = new ArrayList<>();
            while (rows.next()) {
                schemas.add(rows.getString(1));
            }
            return schemas;
        }
    }

    private static List<QueueBinding> bindings(Connection connection, String schema) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT queue, exchange, array_agg(routing_key ORDER BY routing_key) FROM " + schema
                                + ".queue_binding GROUP BY queue, exchange ORDER BY queue, exchange");
                ResultSet rows = select.executeQuery()) {
            List<QueueBinding> bindings = new ArrayList<>();
            while (rows.next()) {
                bindings.add(new QueueBinding(rows.getString(1), rows.getString(2), List.of((String[])
                        rows.getArray(3).getArray())));
            }
            return bindings;
        }
    }

    static void write(Connection connection, String schema, List<QueueBinding> bindings) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + schema + ".queue_binding");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO " + schema + ".queue_binding VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            delete.executeUpdate();
            for (QueueBinding binding : bindings) {
                for (String key : binding.routingKeys()) {
                    insert.setString(1, binding.queue());
                    insert.setString(2, binding.exchange());
                    insert.setString(3, key);
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }
}
