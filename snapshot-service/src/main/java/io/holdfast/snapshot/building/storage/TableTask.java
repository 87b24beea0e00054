package io.holdfast.snapshot.building.storage;

import io.holdfast.archive.ArchiveWriter;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.state.StateSection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Exports a table, or a range of its pages, as chunks of COPY text. A row is one message of the protocol and ends in a line feed, so
 * chunks are cut between messages.
 */
record TableTask(StateSection section, String select, AtomicLong count, BuildProgress progress)
        implements PgStateExport.Task {

    @Override
    public void run(Connection connection, ArchiveWriter.Worker worker) throws SQLException, IOException {
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + select + ") TO STDOUT");
        byte[] buffer = new byte[ArchiveWriter.CHUNK_BYTES + ArchiveWriter.CHUNK_BYTES / 16];
        int length = 0;
        long rows = 0;
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        long ordinal = 0;
        byte[] row;
        while ((row = copy.readFromCopy()) != null) {
            if (length + row.length > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.addExact(length, row.length));
            }
            System.arraycopy(row, 0, buffer, length, row.length);
            length += row.length;
            rows++;
            ordinal++;
            long key = section.hasStorageId() ? leadingNumber(row) : ordinal;
            from = Math.min(from, key);
            to = Math.max(to, key);
            if (length >= ArchiveWriter.CHUNK_BYTES) {
                write(worker, from, to, buffer, length, rows);
                length = 0;
                rows = 0;
                from = Long.MAX_VALUE;
                to = Long.MIN_VALUE;
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("the export was interrupted");
                }
            }
        }
        if (rows > 0) {
            write(worker, from, to, buffer, length, rows);
        }
    }

    private void write(ArchiveWriter.Worker worker, long from, long to, byte[] text, int length, long rows)
            throws IOException {
        worker.rows(section.schema(), section.table(), from, to, text, length, rows);
        count.addAndGet(rows);
        progress.exported(length, rows);
    }

    private static long leadingNumber(byte[] row) {
        long value = 0;
        boolean negative = row.length > 0 && row[0] == '-';
        for (int i = negative ? 1 : 0; i < row.length && row[i] >= '0' && row[i] <= '9'; i++) {
            value = value * 10 + (row[i] - '0');
        }
        return negative ? -value : value;
    }
}
