package io.holdfast.inventory.content.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Optional;

@Singleton
class PgContentLibrary implements ContentLibrary {

    /** As large as the pieces that a restore makes. */
    private static final int CHUNK_BYTES = 1 << 20;

    /** Storing and dropping the same content wait for each other, to the end of their transactions. */
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))";

    private final AgroalDataSource dataSource;
    private final Statements statements;

    PgContentLibrary(@DataSource("inventory") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
        this.statements = new Statements(dataSource);
    }

    @Override
    public Optional<Content> find(String sha256) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query =
                        connection.prepareStatement("SELECT size_bytes FROM inventory.content WHERE sha256 = ?")) {
            query.setString(1, sha256);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(new Content(sha256, row.getLong(1))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look up content " + sha256, e);
        }
    }

    @Override
    public Content store(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream digested = new DigestInputStream(in, digest)) {
                digested.transferTo(OutputStream.nullOutputStream());
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            long sizeBytes = Files.size(file);
            statements.query(LOCK, row -> true, sha256);
            int added = statements.update(
                    "INSERT INTO inventory.content (sha256, size_bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    sha256,
                    sizeBytes);
            if (added == 1) {
                storeChunks(file, sha256);
            }
            return new Content(sha256, sizeBytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private void storeChunks(Path file, String sha256) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            int seq = 0;
            for (byte[] chunk = in.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = in.readNBytes(CHUNK_BYTES)) {
                statements.update(
                        "INSERT INTO inventory.content_chunks (sha256, seq, data) VALUES (?, ?, ?)",
                        sha256,
                        seq++,
                        chunk);
            }
        }
    }

    @Override
    public void dropIfUnused(String sha256) {
        statements.query(LOCK, row -> true, sha256);
        boolean used = statements.exists("""
                SELECT 1 FROM inventory.blueprints WHERE archive_sha256 = ?
                UNION ALL SELECT 1 FROM inventory.plugins WHERE archive_sha256 = ? OR wagon_sha256 = ?
                UNION ALL SELECT 1 FROM inventory.deployments WHERE workdir_sha256 = ? LIMIT 1""", sha256, sha256, sha256, sha256);
        if (!used) {
            statements.update("DELETE FROM inventory.content_chunks WHERE sha256 = ?", sha256);
            statements.update("DELETE FROM inventory.content WHERE sha256 = ?", sha256);
        }
    }

    @Override
    public InputStream open(Content content) {
        return new ChunkedContentStream(dataSource, content);
    }
}
