package io.holdfast.restore.loading.storage;

import io.holdfast.restore.loading.RawStagingTarget;
import io.holdfast.restore.loading.TableWriter;
import io.holdfast.restore.loading.Warnings;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Staged schemas in PostgreSQL. */
public final class PgStagingTarget implements RawStagingTarget, AutoCloseable {

    private final OwnerDatabase database;
    private final StateSchemas schemas;
    private final DataKeys dataKeys;
    private final Supplier<Instant> now;
    private final LoadConnections connections;
    private final ContentStore content;
    private final Warnings warnings = new Warnings();
    private @Nullable SecretBox box;

    /**
     * @param schemas where to write; never the live ones
     * @param workers connections that write at once
     * @param now for the first data key, where the archive brings none
     */
    public PgStagingTarget(
            OwnerDatabase database, StateSchemas schemas, DataKeys dataKeys, int workers, Supplier<Instant> now) {
        if (schemas.equals(StateSchemas.LIVE)) {
            throw new IllegalArgumentException("nothing is loaded into the live schemas");
        }
        this.database = database;
        this.schemas = schemas;
        this.dataKeys = dataKeys;
        this.now = now;
        this.connections = new LoadConnections(database, workers);
        this.content = new ContentStore(connections, schemas.inventory());
    }

    @Override
    public Connection connection() throws SQLException {
        return database.open();
    }

    @Override
    public String schema(String liveName) {
        return schemas.of(liveName);
    }

    @Override
    public TableWriter writer(String schema, String table, List<String> columns) {
        return new CopyTableWriter(connections, schemas.of(schema) + "." + Sql.quoted(table), columns);
    }

    @Override
    public String putContent(InputStream bytes) throws IOException {
        return content.put(bytes);
    }

    @Override
    public String seal(String plain, String table, String... key) {
        return box().seal(plain, SecretBox.aad(table, key));
    }

    @Override
    public Warnings warnings() {
        return warnings;
    }

    @Override
    public long copy(String schema, String table, List<String> columns, byte[] copyText, int length) {
        String target = schemas.of(schema) + "." + Sql.quoted(table);
        try {
            return connections.with(connection ->
                    CopyTableWriter.send(connection, CopyTableWriter.copyInto(target, columns), copyText, length));
        } catch (SQLException e) {
            throw CopyTableWriter.refused(target, e);
        }
    }

    @Override
    public boolean putContent(String sha256, long bytes, InputStream known) throws IOException {
        return content.store(sha256, bytes, known);
    }

    @Override
    public void adoptDataKey(String keyId, byte[] key, Instant createdAt) {
        try {
            connections.with(connection -> {
                dataKeys.write(connection, schemas, List.of(new DataKeys.DataKey(keyId, key, createdAt)));
                return true;
            });
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write a data key into " + schemas.access(), e);
        }
    }

    @Override
    public void continueAfter(String schema, String table, long last) {
        try {
            connections.with(connection -> {
                try (PreparedStatement set = connection.prepareStatement(
                        "SELECT setval(pg_get_serial_sequence(?, 'storage_id'), ?) WHERE ? > 0")) {
                    set.setString(1, schemas.of(schema) + "." + Sql.quoted(table));
                    set.setLong(2, last);
                    set.setLong(3, last);
                    return set.execute();
                }
            });
        } catch (SQLException e) {
            throw new IllegalStateException("cannot set the storage_id numbers of " + table, e);
        }
    }

    private synchronized SecretBox box() {
        SecretBox there = box;
        if (there == null) {
            try {
                there = connections.with(connection -> dataKeys.ensure(connection, schemas, now.get()));
            } catch (SQLException e) {
                throw new IllegalStateException("cannot make a data key in " + schemas.access(), e);
            }
            box = there;
        }
        return there;
    }

    @Override
    public void close() {
        connections.close();
    }
}
