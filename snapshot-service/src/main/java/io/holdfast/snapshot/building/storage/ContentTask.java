package io.holdfast.snapshot.building.storage;

import io.holdfast.archive.ArchiveNames;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.state.StateSchemas;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exports one content under the name of what it belongs to. */
record ContentTask(Named content, BuildProgress progress) implements PgStateExport.Task {

    /** Rows of a content (1 MiB each) that travel from the database at a time. */
    private static final int FETCH_ROWS = 2;

    /**
     * A content and its name in the archive.
     *
     * @param extractTo folder for its extracted copy, or null
     */
    record Named(
            String name,
            String sha256,
            long bytes,
            @Nullable String extractTo) {}

    /**
     * Everything that the archive carries as files, each under every name that it has, unnamed content under its hash. What rows name
     * but the content table lacks is left out: the rows dangle in the archive as they do in the state.
     */
    static List<Named> list(Connection connection) throws SQLException {
        String inventory = StateSchemas.LIVE.inventory();
        String sql = """
                SELECT 'plugin', e.tenant_name, e.id, coalesce(e.archive_name, ''), c.sha256, c.size_bytes, e.wagon_sha256 = e.archive_sha256
                  FROM %1$s.plugins e JOIN %1$s.content c ON c.sha256 = e.archive_sha256
                UNION ALL SELECT 'blueprint', e.tenant_name, e.id, coalesce(e.archive_name, ''), c.sha256, c.size_bytes, NULL
                  FROM %1$s.blueprints e JOIN %1$s.content c ON c.sha256 = e.archive_sha256
                UNION ALL SELECT 'deployment', e.tenant_name, e.id, '', c.sha256, c.size_bytes, NULL
                  FROM %1$s.deployments e JOIN %1$s.content c ON c.sha256 = e.workdir_sha256
                UNION ALL SELECT 'ui', '', e.path, '', c.sha256, c.size_bytes, NULL
                  FROM %1$s.ui_data e JOIN %1$s.content c ON c.sha256 = e.content_sha256
                """.formatted(inventory);
        List<Named> named = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                String sha256 = row.getString(5);
                Named content = named(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        sha256,
                        row.getLong(6),
                        row.getBoolean(7));
                if (names.add(content.name())) {
                    hashes.add(sha256);
                    named.add(content);
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sha256, size_bytes FROM " + inventory + ".content")) {
            while (row.next()) {
                if (!hashes.contains(row.getString(1))) {
                    named.add(
                            new Named(ArchiveNames.content(row.getString(1)), row.getString(1), row.getLong(2), null));
                }
            }
        }
        return named;
    }

    private static Named named(
            String kind, String tenant, String id, String fileName, String sha256, long bytes, boolean bareWagon) {
        return switch (kind) {
            case "plugin" -> new Named(ArchiveNames.plugin(tenant, id, bareWagon ? "wgn" : "zip"), sha256, bytes, null);
            case "blueprint" ->
                new Named(
                        ArchiveNames.uploadedBlueprint(tenant, id, blueprintExtension(fileName)),
                        sha256,
                        bytes,
                        ArchiveNames.blueprintFolder(tenant, id));
            case "deployment" -> new Named(ArchiveNames.deployment(tenant, id), sha256, bytes, null);
            default -> new Named(ArchiveNames.ui(id), sha256, bytes, null);
        };
    }

    private static String blueprintExtension(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        for (String extension : List.of("tar.bz2", "zip", "tar")) {
            if (name.endsWith("." + extension)) {
                return extension;
            }
        }
        return "tar.gz";
    }

    @Override
    public void run(Connection connection, ArchiveWriter.Worker worker) throws SQLException, IOException {
        worker.content(content.name(), content.sha256(), content.bytes(), out -> copy(connection, content, out));
        progress.exported(content.bytes(), 0);
    }

    static void copy(Connection connection, Named content, OutputStream out) throws IOException {
        try (PreparedStatement query = connection.prepareStatement("SELECT data FROM " + StateSchemas.LIVE.inventory()
                + ".content_chunks WHERE sha256 = ? ORDER BY seq")) {
            query.setFetchSize(FETCH_ROWS);
            query.setString(1, content.sha256());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    out.write(row.getBytes(1));
                }
            }
        } catch (SQLException e) {
            throw new IOException("content " + content.sha256() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
