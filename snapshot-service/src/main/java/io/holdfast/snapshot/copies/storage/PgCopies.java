package io.holdfast.snapshot.copies.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.snapshot.copies.ArchiveName;
import io.holdfast.snapshot.copies.Copies;
import io.holdfast.snapshot.copies.Report;
import io.holdfast.snapshot.copies.Wanted;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** {@code snapshot_control.archive_copies} beside the catalogue. */
@ApplicationScoped
class PgCopies implements Copies {

    private final AgroalDataSource dataSource;

    PgCopies(@DataSource("snapshot") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public List<Wanted> wanted() {
        return run(
                "SELECT tenant_name, id, archive_bytes, archive_sha256 FROM snapshot_control.snapshots"
                        + " WHERE status IN ('created', 'uploaded') AND archive_bytes IS NOT NULL"
                        + " AND archive_sha256 IS NOT NULL ORDER BY created_at DESC",
                statement -> {
                    List<Wanted> wanted = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            wanted.add(new Wanted(
                                    rows.getString(1), rows.getString(2), rows.getLong(3), rows.getString(4)));
                        }
                    }
                    return wanted;
                });
    }

    @Override
    public void note(Report report) {
        for (ArchiveName name : report.held()) {
            run(
                    "INSERT INTO snapshot_control.archive_copies (tenant_name, snapshot_id, node, manager_url)"
                            + " SELECT tenant_name, id, ?, ? FROM snapshot_control.snapshots"
                            + " WHERE tenant_name = ? AND id = ? ON CONFLICT (node, tenant_name, snapshot_id) DO UPDATE"
                            + " SET manager_url = excluded.manager_url, heard_at = statement_timestamp()"
                            + " WHERE archive_copies.manager_url <> excluded.manager_url"
                            + " OR archive_copies.heard_at < statement_timestamp() - interval '1 hour'",
                    statement -> {
                        statement.setString(1, report.node());
                        statement.setString(2, report.url().toString());
                        statement.setString(3, name.tenantName());
                        statement.setString(4, name.snapshotId());
                        return statement.executeUpdate();
                    });
        }
        for (ArchiveName name : report.dropped()) {
            run(
                    "DELETE FROM snapshot_control.archive_copies WHERE node = ? AND tenant_name = ? AND snapshot_id = ?",
                    statement -> {
                        statement.setString(1, report.node());
                        statement.setString(2, name.tenantName());
                        statement.setString(3, name.snapshotId());
                        return statement.executeUpdate();
                    });
        }
    }

    @Override
    public List<ArchiveName> orphans(String node) {
        return run(
                "SELECT c.tenant_name, c.snapshot_id FROM snapshot_control.archive_copies c WHERE c.node = ? AND NOT EXISTS"
                        + " (SELECT FROM snapshot_control.snapshots s WHERE s.tenant_name = c.tenant_name AND s.id = c.snapshot_id)",
                statement -> {
                    statement.setString(1, node);
                    List<ArchiveName> orphans = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            orphans.add(new ArchiveName(rows.getString(1), rows.getString(2)));
                        }
                    }
                    return orphans;
                });
    }

    @Override
    public List<URI> holders(ArchiveName name, String butNot) {
        return run(
                "SELECT manager_url FROM snapshot_control.archive_copies WHERE tenant_name = ? AND snapshot_id = ?"
                        + " AND node <> ? ORDER BY heard_at DESC",
                statement -> {
                    statement.setString(1, name.tenantName());
                    statement.setString(2, name.snapshotId());
                    statement.setString(3, butNot);
                    List<URI> urls = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            urls.add(URI.create(rows.getString(1)));
                        }
                    }
                    return urls;
                });
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private <T> T run(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read or write which node has which archive", e);
        }
    }
}
