package io.holdfast.scheduler.reading;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** Puts rows into the state schemas as the login role. */
final class Rows implements AutoCloseable {

    private static final String DEADLOCK = "40P01";

    private final Connection connection;

    Rows(Config config) throws SQLException {
        connection = DriverManager.getConnection(
                config.getValue("holdfast.database.url", String.class),
                config.getValue("holdfast.database.username", String.class),
                config.getValue("holdfast.database.password", String.class));
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many rows there are. @param what a table, and a condition if need be */
    long count(String what) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + what)) {
            row.next();
            return row.getLong(1);
        }
    }

    void clear() throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema = 'scheduler'"
                                + " AND table_type = 'BASE TABLE' AND table_name <> 'execution_transitions'")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        truncate("TRUNCATE " + String.join(", ", tables) + " RESTART IDENTITY");
    }

    /** The scheduler's own loops go on meanwhile, and may lock the tables in another order. */
    private void truncate(String sql) throws SQLException {
        for (int left = 5; ; left--) {
            try {
                execute(sql);
                return;
            } catch (SQLException e) {
                if (left == 0 || !DEADLOCK.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    /** Each field that the table has a column for; {@code more} wins. JSON goes into jsonb, text is cast to the column's type. */
    void insert(String table, JsonNode object, Map<String, JsonNode> more) throws SQLException {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        object.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
        values.putAll(more);
        List<String> names = new ArrayList<>();
        List<String> marks = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        try (PreparedStatement columns = connection.prepareStatement("SELECT column_name, data_type FROM"
                + " information_schema.columns WHERE table_schema || '.' || table_name = ?")) {
            columns.setString(1, table);
            try (ResultSet column = columns.executeQuery()) {
                while (column.next()) {
                    JsonNode value = values.get(column.getString(1));
                    if (value != null && !value.isNull()) {
                        names.add(column.getString(1));
                        marks.add("?::" + column.getString(2));
                        texts.add("jsonb".equals(column.getString(2)) ? value.toString() : value.asText());
                    }
                }
            }
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + table + " ("
                + String.join(", ", names) + ") VALUES (" + String.join(", ", marks) + ")")) {
            for (int i = 0; i < texts.size(); i++) {
                insert.setString(i + 1, texts.get(i));
            }
            insert.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
