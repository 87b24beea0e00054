package io.holdfast.restore.cloudify;

import io.holdfast.restore.loading.StagingTarget;
import io.holdfast.restore.loading.TableWriter;
import io.holdfast.restore.loading.Warnings;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A target in memory. Sealed values read {@code sealed(VALUE)@TABLE/KEY…}. */
final class RecordingTarget implements StagingTarget {

    private final Map<String, List<Map<String, Object>>> tables = new HashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Warnings warnings = new Warnings();

    /** Rows of {@code schema.table}, column by name, in the order of writing. */
    List<Map<String, Object>> rows(String table) {
        return tables.getOrDefault(table, List.of());
    }

    /** The one row whose columns have these values. */
    Map<String, Object> row(String table, Object... columnsAndValues) {
        List<Map<String, Object>> found = rows(table).stream()
                .filter(row -> {
                    for (int i = 0; i < columnsAndValues.length; i += 2) {
                        if (!columnsAndValues[i + 1].equals(row.get(columnsAndValues[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " rows in " + table + " with " + Arrays.toString(columnsAndValues)
                    + "; all: " + rows(table));
        }
        return found.get(0);
    }

    byte @Nullable [] content(Object sha256) {
        return contents.get(sha256);
    }

    @Override
    public Connection connection() {
        throw new UnsupportedOperationException("no database here");
    }

    @Override
    public String schema(String liveName) {
        return liveName + "_restoring";
    }

    @Override
    public TableWriter writer(String schema, String table, List<String> columns) {
        return new TableWriter() {
            private final List<Map<String, Object>> pending = new ArrayList<>();
            private long rows;

            @Override
            public void row(@Nullable Object... values) {
                if (values.length != columns.size()) {
                    throw new IllegalArgumentException(
                            schema + "." + table + ": " + values.length + " values for " + columns.size() + " columns");
                }
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 0; i < values.length; i++) {
                    row.put(columns.get(i), values[i]);
                }
                pending.add(row);
                rows++;
            }

            @Override
            public void finish() {
                tables.computeIfAbsent(schema + "." + table, any -> new ArrayList<>())
                        .addAll(pending);
                pending.clear();
            }

            @Override
            public long rows() {
                return rows;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public String putContent(InputStream content) throws IOException {
        byte[] bytes = content.readAllBytes();
        try {
            String sha256 = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            contents.put(sha256, bytes);
            return sha256;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String seal(String plain, String table, String... key) {
        return "sealed(" + plain + ")@" + table + "/" + String.join("/", key);
    }

    @Override
    public Warnings warnings() {
        return warnings;
    }
}
