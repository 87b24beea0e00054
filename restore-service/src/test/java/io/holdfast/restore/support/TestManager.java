package io.holdfast.restore.support;

import io.holdfast.archive.ArchiveManifest;
import io.holdfast.archive.ArchiveMetadata;
import io.holdfast.archive.ArchiveNames;
import io.holdfast.archive.ArchiveOptions;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.archive.SecurityDocument;
import io.holdfast.archive.TableColumns;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.messaging.ControlSchema;
import io.holdfast.messaging.ServiceSchema;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.StateSection;
import io.holdfast.state.StateSections;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import io.holdfast.testsupport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of a manager: its live state and the records of restores. */
public final class TestManager {

    public static final Instant CUT = Instant.parse("2020-03-13T03:00:00Z");

    /** The columns of schedules that take certain words only. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "execution_schedules.dst_gap", List.of("shift", "skip"),
            "execution_schedules.dst_overlap", List.of("first", "second", "both"),
            "execution_schedules.overlap", List.of("skip", "queue_one", "queue_all", "cancel_other", "allow"),
            "execution_schedules.catch_up", List.of("skip", "once", "all", "fail"),
            "schedule_runs.outcome", List.of("started", "queued", "skipped", "missed", "failed"));

    private static final Queue<TestDatabase> CREATED = new ConcurrentLinkedQueue<>();

    private final OwnerDatabase database;
    private final MasterKey masterKey;

    private TestManager(OwnerDatabase database, MasterKey masterKey) {
        this.database = database;
        this.masterKey = masterKey;
    }

    /** An empty one of its own. @param keyByte makes its master key */
    public static TestManager create(int keyByte) {
        return create(keyByte, StateMigrator.latestRevision());
    }

    /** One whose state is of an earlier revision, as older software would have left it. */
    public static TestManager create(int keyByte, String revision) {
        TestDatabase fresh =
                TestDatabase.copyOf("restore-service at revision " + revision, empty -> migrate(empty, revision));
        CREATED.add(fresh);
        TestManager manager = at(fresh.url(), fresh.username(), fresh.password(), key(keyByte));
        manager.execute("INSERT INTO access.users (username, password_hash, password_salt, role, is_bootstrap_admin)"
                + " VALUES ('admin', 'hash-" + keyByte + "', 'salt-" + keyByte + "', 'sys_admin', true)");
        manager.execute("INSERT INTO access.tenants (name) VALUES ('default_tenant')");
        return manager;
    }

    /** Drops the databases of all that were created since the last time. Tests make more of them than can be deleted at the JVM's end. */
    public static void dropAll() {
        for (TestDatabase created = CREATED.poll(); created != null; created = CREATED.poll()) {
            created.drop();
        }
    }

    private static void migrate(TestDatabase empty, String revision) {
        new StateMigrator(empty.url(), empty.username(), empty.password()).migrate(StateSchemas.LIVE, revision);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(empty.url());
        new ControlSchema(empty.url(), empty.username(), empty.password())
                .migrate(ServiceSchema.of("restore", source).withMigrations("db/restore_control"));
    }

    /** One whose service is up already. */
    public static TestManager at(String url, String username, String password, MasterKey masterKey) {
        return new TestManager(new OwnerDatabase(url, username, password), masterKey);
    }

    public static MasterKey key(int keyByte) {
        byte[] key = new byte[32];
        java.util.Arrays.fill(key, (byte) keyByte);
        return MasterKey.of(Base64.getEncoder().encodeToString(key));
    }

    public OwnerDatabase database() {
        return database;
    }

    public MasterKey masterKey() {
        return masterKey;
    }

    public void execute(String sql) {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of the first row as text, null where there is none. */
    public @Nullable String ask(String sql) {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** The first column of all rows as text. */
    public List<String> list(String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return values;
    }

    /** Puts {@code rows} rows into every table of the state that travels as rows, every column with a value, and content and a secret. */
    public void fill(int rows) {
        try (Connection connection = database.open()) {
            String content = "content of " + rows + " bytes".repeat(rows);
            String sha256 = content(connection, content.getBytes(StandardCharsets.UTF_8));
            for (StateSection section : sections()) {
                List<String> names = new ArrayList<>();
                List<String> values = new ArrayList<>();
                for (TableColumns.Column column : columns(connection, section)) {
                    if (!column.name().equals("storage_id")) {
                        names.add('"' + column.name() + '"');
                        values.add(value(section, column, sha256));
                    }
                }
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO " + section.in(StateSchemas.LIVE) + " (" + String.join(", ", names)
                            + ") SELECT " + String.join(", ", values) + " FROM generate_series(1, " + rows + ") i");
                    if (section.hasStorageId()) {
                        // numbers with a gap at their end, as after a deletion
                        statement.execute("DELETE FROM " + section.in(StateSchemas.LIVE)
                                + " WHERE storage_id = (SELECT max(storage_id) FROM " + section.in(StateSchemas.LIVE)
                                + ")");
                    }
                }
            }
            SecretBox box = new DataKeys(masterKey).ensure(connection, StateSchemas.LIVE, CUT);
            try (PreparedStatement secret = connection.prepareStatement(
                    "INSERT INTO inventory.secrets (tenant_name, key, value_enc) VALUES ('default_tenant', 'sealed', ?)")) {
                secret.setString(1, box.seal("the treasure", SecretBox.aad("secrets", "default_tenant", "sealed")));
                secret.execute();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot fill the manager", e);
        }
    }

    private static String value(StateSection section, TableColumns.Column column, String sha256) {
        if (section.table().equals("executions") && column.name().equals("status")) {
            return "'terminated'";
        }
        if (section.table().equals("events") && column.name().equals("type")) {
            return "CASE i % 2 WHEN 0 THEN 'cloudify_event' ELSE 'cloudify_log' END";
        }
        if (section.table().equals("roles") && column.name().equals("type")) {
            return "'tenant_role'";
        }
        List<String> words = WORDS.get(section.table() + "." + column.name());
        if (words != null) {
            return "(ARRAY['" + String.join("', '", words) + "'])[1 + i % " + words.size() + "]";
        }
        if (column.name().equals("is_bootstrap_admin") || column.name().equals("restore_epoch")) {
            return column.name().equals("restore_epoch") ? "0" : "false";
        }
        if (column.name().equals("next_occurrence")) {
            return "timestamptz '2999-01-01 00:00:00+00'";
        }
        if (column.name().endsWith("sha256")) {
            return "'" + sha256 + "'";
        }
        if (column.name().endsWith("_enc")) {
            return "'hf1:none:x'";
        }
        return switch (column.type()) {
            case "text" -> "'" + column.name() + "\t\\ü\n' || i";
            case "jsonb" -> "jsonb_build_object('i', i, 'text', E'tab\\t \"quote\" \\\\')";
            case "timestamp with time zone" -> "timestamptz '2020-03-01 00:00:00.123456+00' + i * interval '1 second'";
            case "boolean" -> "i % 3 = 0";
            case "double precision" -> "i / 7.0";
            case "smallint" -> "i % 10";
            default -> "i";
        };
    }

    private static String content(Connection connection, byte[] bytes) throws SQLException {
        String sha256 = sha256(bytes);
        try (PreparedStatement content = connection.prepareStatement("INSERT INTO inventory.content VALUES (?, ?)");
                PreparedStatement chunk =
                        connection.prepareStatement("INSERT INTO inventory.content_chunks VALUES (?, 0, ?)")) {
            content.setString(1, sha256);
            content.setLong(2, bytes.length);
            content.execute();
            chunk.setString(1, sha256);
            chunk.setBytes(2, bytes);
            chunk.execute();
        }
        return sha256;
    }

    private static List<TableColumns.Column> columns(Connection connection, StateSection section) throws SQLException {
        List<TableColumns.Column> columns = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement("SELECT attname, format_type(atttypid, atttypmod)"
                + " FROM pg_attribute WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped"
                + " AND attgenerated = '' ORDER BY attnum")) {
            query.setString(1, section.in(StateSchemas.LIVE));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    columns.add(new TableColumns.Column(row.getString(1), row.getString(2)));
                }
            }
        }
        return columns;
    }

    /** An archive of the live state, as the snapshot-service writes it. */
    public Path archive(Path file, @Nullable String createExecutionId) {
        return archive(file, createExecutionId, CUT);
    }

    /** As {@link #archive(Path, String)}. */
    public Path archive(Path file, @Nullable String createExecutionId, Instant cut) {
        ArchiveMetadata metadata = new ArchiveMetadata(
                ArchiveNames.FORMAT_VERSION,
                ArchiveNames.PRODUCT,
                "0.1.0",
                revision(),
                cut,
                "snapshot",
                createExecutionId,
                "source-installation",
                null,
                null,
                List.of("default_tenant"),
                ArchiveOptions.ALL,
                "deflate");
        try (ArchiveWriter writer = ArchiveWriter.create(file, metadata, true);
                Connection connection = database.open()) {
            connection.setAutoCommit(false);
            try (ArchiveWriter.Worker worker = writer.worker()) {
                for (StateSection section : sections()) {
                    table(connection, writer, worker, section);
                }
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery(
                                "SELECT c.sha256, c.size_bytes, string_agg(k.data, ''::bytea ORDER BY k.seq) FROM"
                                        + " inventory.content c LEFT JOIN inventory.content_chunks k USING (sha256) GROUP BY 1, 2")) {
                    while (row.next()) {
                        byte[] bytes = row.getBytes(3) == null ? new byte[0] : row.getBytes(3);
                        worker.content(
                                ArchiveNames.content(row.getString(1)),
                                row.getString(1),
                                row.getLong(2),
                                out -> out.write(bytes));
                    }
                }
                worker.document(
                        ArchiveNames.SECURITY,
                        new SecurityDocument(new DataKeys(masterKey)
                                .read(connection, StateSchemas.LIVE).stream()
                                        .map(key -> new SecurityDocument.DataKey(
                                                key.keyId(),
                                                Base64.getEncoder().encodeToString(key.key()),
                                                key.createdAt()))
                                        .toList()));
            }
            writer.finish();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot archive the manager", e);
        }
    }

    private String revision() {
        return String.valueOf(ask("SELECT max(version::int) FROM access.state_history WHERE success"));
    }

    private List<StateSection> sections() {
        return StateSections.ALL.stream()
                .filter(section -> ask("SELECT to_regclass('" + section.in(StateSchemas.LIVE) + "')") != null)
                .toList();
    }

    private static void table(
            Connection connection, ArchiveWriter writer, ArchiveWriter.Worker worker, StateSection section)
            throws SQLException, IOException {
        TableColumns columns = new TableColumns(section.schema(), section.table(), columns(connection, section));
        worker.columns(columns);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        long rows = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "COPY (SELECT " + quoted(columns.names()) + " FROM " + section.in(StateSchemas.LIVE)
                                + " ORDER BY 1) TO STDOUT",
                        text);
        if (rows > 0) {
            byte[] bytes = text.toByteArray();
            worker.rows(section.schema(), section.table(), 1, rows, bytes, bytes.length, rows);
        }
        Long last = null;
        if (section.hasStorageId()) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_sequence_last_value(pg_get_serial_sequence('"
                            + section.in(StateSchemas.LIVE) + "', 'storage_id'))")) {
                row.next();
                last = row.getObject(1) == null ? null : row.getLong(1);
            }
        }
        writer.table(new ArchiveManifest.Table(section.schema(), section.table(), rows, last));
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(name -> '"' + name + '"').toList());
    }

    /** Everything of the live state as text, by table: equal texts are equal states. */
    public Map<String, String> state() {
        return state(StateSchemas.LIVE);
    }

    /** As {@link #state()}. */
    public Map<String, String> state(StateSchemas schemas) {
        Map<String, String> state = new TreeMap<>();
        List<String> tables = new ArrayList<>();
        StateSections.ALL.forEach(section -> tables.add(section.schema() + "." + section.table()));
        tables.add("inventory.content");
        tables.add("inventory.content_chunks");
        for (String table : tables) {
            String schema = table.substring(0, table.indexOf('.'));
            String name = schemas.of(schema) + table.substring(table.indexOf('.'));
            state.put(
                    table,
                    ask(
                            "SELECT count(*) || ' rows ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') FROM "
                                    + name + " t"));
        }
        return state;
    }

    /** The live tables whose kept number of rows, in all or by a field, is not the number of rows; ids of executions that are not kept. */
    public List<String> wrongRowCounts() {
        List<String> wrong = new ArrayList<>();
        for (String schema : List.of("access", "inventory", "scheduler")) {
            for (String table : list("SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                    + " WHERE t.tgname = 'count_rows_inserted' AND t.tgenabled = 'O' AND c.relnamespace = '" + schema
                    + "'::regnamespace ORDER BY 1")) {
                String rows = ask("SELECT count(*) FROM " + schema + "." + table);
                String kept = ask("SELECT coalesce(sum(rows), 0) FROM " + schema + ".row_counts WHERE of_table = '"
                        + table + "'");
                if (!String.valueOf(rows).equals(kept)) {
                    wrong.add(table + " has " + rows + " rows, kept is " + kept);
                }
                if (!schema.equals("access")) {
                    String places = ask("SELECT coalesce(sum(rows), 0) FROM " + schema
                            + ".row_counts WHERE place IS NOT NULL AND of_table IN ('" + table + "', '" + table
                            + "/places')");
                    if (!String.valueOf(rows).equals(places)) {
                        wrong.add(table + " has " + rows + " rows, kept in places are " + places);
                    }
                }
            }
        }
        for (String table : List.of("inventory.node_instances", "inventory.deployments", "scheduler.executions")) {
            String name = table.substring(table.indexOf('.') + 1);
            wrong.addAll(list("SELECT field || ' of " + name + " is kept ' || sum(rows) || ' times' FROM "
                    + table.replace(name, "value_counts") + " WHERE of_table = '" + name
                    + "' GROUP BY field HAVING sum(rows) <> (SELECT count(*) FROM " + table + ")"));
        }
        wrong.addAll(list("SELECT 'kept id ' || coalesce(e.id, k.id) FROM scheduler.executions e"
                + " FULL JOIN scheduler.execution_ids k USING (storage_id) WHERE e.id IS DISTINCT FROM k.id"));
        return wrong;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
