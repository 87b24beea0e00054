package io.holdfast.restore.loading.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Content of a staged state: {@code content} names it once per hash, {@code content_chunks} hold it in pieces of 1 MiB. */
final class ContentStore {

    /** As everywhere in the product: a row that PostgreSQL handles well and a reader can hold. */
    static final int CHUNK_BYTES = 1024 * 1024;

    /** Signature, flags and header extension length. Source: PostgreSQL manual, COPY, "Binary Format". */
    private static final byte[] BINARY_HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };

    private static final byte[] BINARY_TRAILER = {(byte) 0xff, (byte) 0xff};

    private final LoadConnections connections;
    private final String inventory;

    ContentStore(LoadConnections connections, String inventorySchema) {
        this.connections = connections;
        this.inventory = inventorySchema;
    }

    /** Stores what has no known hash yet: through a temporary file when it is larger than a chunk. */
    String put(InputStream content) throws IOException {
        byte[] first = content.readNBytes(CHUNK_BYTES);
        if (first.length < CHUNK_BYTES) {
            String sha256 = HexFormat.of().formatHex(sha256().digest(first));
            store(sha256, first.length, new java.io.ByteArrayInputStream(first));
            return sha256;
        }
        Path spool = Files.createTempFile("holdfast-content-", ".part");
        try {
            MessageDigest digest = sha256();
            long size = 0;
            try (OutputStream out = Files.newOutputStream(spool)) {
                byte[] piece = first;
                while (piece.length > 0) {
                    digest.update(piece);
                    out.write(piece);
                    size += piece.length;
                    piece = content.readNBytes(CHUNK_BYTES);
                }
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            try (InputStream again = new BufferedInputStream(Files.newInputStream(spool))) {
                store(sha256, size, again);
            }
            return sha256;
        } finally {
            Files.deleteIfExists(spool);
        }
    }

    /**
     * Stores content whose hash is known; the caller vouches for it. Once per hash, whoever comes first.
     *
     * @return whether it was new
     */
    boolean store(String sha256, long size, InputStream content) throws IOException {
        try {
            return connections.with(connection -> {
                connection.setAutoCommit(false);
                try {
                    boolean isNew = announce(connection, sha256, size);
                    if (isNew) {
                        copy(connection, sha256, size, content);
                    }
                    connection.commit();
                    return isNew;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (SQLException e) {
            throw CopyTableWriter.refused(inventory + ".content_chunks", e);
        }
    }

    private boolean announce(Connection connection, String sha256, long size) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + inventory
                + ".content (sha256, size_bytes) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING")) {
            insert.setString(1, sha256);
            insert.setLong(2, size);
            return insert.executeUpdate() == 1;
        }
    }

    private void copy(Connection connection, String sha256, long size, InputStream content)
            throws SQLException, IOException {
        byte[] hash = sha256.getBytes(StandardCharsets.US_ASCII);
        CopyIn in = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + inventory + ".content_chunks (sha256, seq, data) FROM STDIN WITH (FORMAT binary)");
        try {
            in.writeToCopy(BINARY_HEADER, 0, BINARY_HEADER.length);
            byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, Math.max(1, size))];
            long stored = 0;
            int seq = 0;
            int length = content.readNBytes(chunk, 0, chunk.length);
            while (length > 0) {
                byte[] head = ByteBuffer.allocate(2 + 4 + hash.length + 4 + 4 + 4)
                        .putShort((short) 3)
                        .putInt(hash.length)
                        .put(hash)
                        .putInt(Integer.BYTES)
                        .putInt(seq++)
                        .putInt(length)
                        .array();
                in.writeToCopy(head, 0, head.length);
                in.writeToCopy(chunk, 0, length);
                stored += length;
                length = content.readNBytes(chunk, 0, chunk.length);
            }
            if (stored != size) {
                throw new IOException("content " + sha256 + " has " + stored + " bytes, expected " + size);
            }
            in.writeToCopy(BINARY_TRAILER, 0, BINARY_TRAILER.length);
            in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256", e);
        }
    }
}
