package io.holdfast.inventory;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** Puts rows into the state schemas as the login role. */
final class Rows implements AutoCloseable {

    private final Connection connection;

    Rows(Config config) throws SQLException {
        connection = DriverManager.getConnection(
                config.getValue("holdfast.database.url", String.class),
                config.getValue("holdfast.database.username", String.class),
                config.getValue("holdfast.database.password", String.class));
    }

    Connection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** @param from a table, or more of a statement after FROM */
    long count(String from) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
            row.next();
            return row.getLong(1);
        }
    }

    void clear() throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema = 'inventory'"
                                + " AND table_type = 'BASE TABLE'")) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
        }
        execute("TRUNCATE " + String.join(", ", tables) + ", access.encryption_keys RESTART IDENTITY");
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

    /** @return the SHA-256 */
    String content(byte[] bytes, int chunkBytes) throws SQLException {
        String sha256 = sha256(bytes);
        try (PreparedStatement content = connection.prepareStatement(
                        "INSERT INTO inventory.content VALUES (?, ?) ON CONFLICT DO NOTHING");
                PreparedStatement chunk = connection.prepareStatement(
                        "INSERT INTO inventory.content_chunks VALUES (?, ?, ?) ON CONFLICT DO NOTHING")) {
            content.setString(1, sha256);
            content.setLong(2, bytes.length);
            content.executeUpdate();
            for (int seq = 0; seq * chunkBytes < bytes.length; seq++) {
                chunk.setString(1, sha256);
                chunk.setInt(2, seq);
                chunk.setBytes(
                        3,
                        java.util.Arrays.copyOfRange(
                                bytes, seq * chunkBytes, Math.min(bytes.length, (seq + 1) * chunkBytes)));
                chunk.executeUpdate();
            }
        }
        return sha256;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
