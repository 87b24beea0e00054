package io.holdfast.inventory.content.storage;

import io.holdfast.inventory.content.app.ContentLibrary.Content;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/** Content row by row. A slow reader holds one chunk and no connection. For one thread. */
final class ChunkedContentStream extends InputStream {

    private final DataSource dataSource;
    private final Content content;
    private byte[] chunk = new byte[0];
    private int position;
    private int nextSeq;
    private long remaining;

    ChunkedContentStream(DataSource dataSource, Content content) {
        this.dataSource = dataSource;
        this.content = content;
        this.remaining = content.sizeBytes();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (remaining == 0) {
            return -1;
        }
        if (position == chunk.length) {
            chunk = next();
            position = 0;
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, buffer, offset, count);
        position += count;
        remaining -= count;
        return count;
    }

    private byte[] next() throws IOException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT data FROM inventory.content_chunks WHERE sha256 = ? AND seq = ?")) {
            query.setString(1, content.sha256());
            query.setInt(2, nextSeq);
            try (ResultSet row = query.executeQuery()) {
                byte[] data = row.next() ? row.getBytes(1) : null;
                if (data == null || data.length == 0 || data.length > remaining) {
                    throw new IOException("content " + content.sha256() + " ends or differs at chunk " + nextSeq + ", "
                            + remaining + " of " + content.sizeBytes() + " bytes before its end");
                }
                nextSeq++;
                return data;
            }
        } catch (SQLException e) {
            throw new IOException("cannot read chunk " + nextSeq + " of content " + content.sha256(), e);
        }
    }
}
