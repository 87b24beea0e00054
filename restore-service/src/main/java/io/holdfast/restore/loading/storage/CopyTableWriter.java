package io.holdfast.restore.loading.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.loading.RowBuffer;
import io.holdfast.restore.loading.TableWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Buffers rows and sends them as one COPY per bufferful, so that many writers can share a few connections. */
final class CopyTableWriter implements TableWriter {

    /** A COPY of this size costs next to nothing over one long COPY, and thirty writers stay small. */
    private static final int FLUSH_BYTES = 256 * 1024;

    private final LoadConnections connections;
    private final String table;
    private final String copy;
    private final int columns;
    private final RowBuffer buffer = new RowBuffer();
    private int buffered;
    private long rows;

    CopyTableWriter(LoadConnections connections, String table, List<String> columns) {
        this.connections = connections;
        this.table = table;
        this.columns = columns.size();
        this.copy = copyInto(table, columns);
    }

    static String copyInto(String table, List<String> columns) {
        return "COPY " + table + " ("
                + String.join(", ", columns.stream().map(Sql::quoted).toList()) + ") FROM STDIN";
    }

    @Override
    public void row(@Nullable Object... values) {
        if (values.length != columns) {
            throw new IllegalArgumentException(
                    "a row of " + table + " needs " + columns + " values, not " + values.length);
        }
        buffer.row(values);
        buffered++;
        rows++;
        if (buffer.size() >= FLUSH_BYTES) {
            finish();
        }
    }

    @Override
    public void finish() {
        if (buffered == 0) {
            return;
        }
        try {
            long written = connections.with(connection -> send(connection, copy, buffer.array(), buffer.size()));
            if (written != buffered) {
                throw new IllegalStateException(table + " took " + written + " of " + buffered + " rows");
            }
        } catch (SQLException e) {
            throw refused(table, e);
        }
        buffer.clear();
        buffered = 0;
    }

    static long send(Connection connection, String copy, byte[] bytes, int size) throws SQLException {
        CopyIn in = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        try {
            in.writeToCopy(bytes, 0, size);
            return in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    /** The database's refusal of rows: their fault if it is about data or constraints (classes 22 and 23), else its own. 42703 and 42P01: no such column or table. */
    static RuntimeException refused(String table, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("22") || state.startsWith("23") || state.equals("42703") || state.equals("42P01")) {
            return new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the archive holds rows that do not fit " + table + ": " + e.getMessage(),
                    "the archive is damaged or was changed; restore another one",
                    e);
        }
        return new IllegalStateException("cannot load " + table, e);
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void close() {
        buffer.clear();
        buffered = 0;
    }
}
