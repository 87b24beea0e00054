package io.holdfast.snapshot.building.storage;

import io.holdfast.archive.ArchiveManifest;
import io.holdfast.archive.ArchiveMetadata;
import io.holdfast.archive.ArchiveNames;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.archive.DeflateEngines;
import io.holdfast.archive.SecurityDocument;
import io.holdfast.archive.TableColumns;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.building.BuildRequest;
import io.holdfast.snapshot.building.StateExport;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.StateSection;
import io.holdfast.state.StateSections;
import io.holdfast.state.secrets.DataKeys;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The engine: one PostgreSQL snapshot, exported by a leading connection and imported by each worker's, so that everything in the archive
 * is of one instant however long the export takes; writers go on meanwhile. Rows leave as COPY text, large tables in ranges of their
 * pages, content as it is stored. Needs no container: benchmarks call it as it is.
 *
 * <p>Every connection locks the tables in ACCESS SHARE mode before it reads: a restore renames schemas, and names are looked up anew by
 * each statement, so without the lock a worker could read the new tables under the old snapshot. Workers lock with NOWAIT: a swap that
 * waits for the leader would otherwise be waited for by the worker, for ever.
 */
public final class PgStateExport implements StateExport {

    /** Pages of a table that one worker exports at a time: 32 MiB. */
    private static final long RANGE_PAGES = 4096;

    /** A statement of a build waits that long for a lock of a running swap or migration. */
    private static final String LOCK_TIMEOUT = "60s";

    /**
     * Where the state is.
     *
     * @param role switched to after login, or null to stay the login role
     */
    public record Source(
            String jdbcUrl,
            String username,
            String password,
            @Nullable String role) {
        @Override
        public String toString() {
            return "Source[" + username + "]";
        }
    }

    private final Source source;
    private final DataKeys dataKeys;
    private final boolean pureJava;

    /** @param pureJava whether to compress without the native library, for comparison */
    public PgStateExport(Source source, DataKeys dataKeys, boolean pureJava) {
        this.source = source;
        this.dataKeys = dataKeys;
        this.pureJava = pureJava;
    }

    /** A piece of work for any worker. */
    @FunctionalInterface
    interface Task {
        void run(Connection connection, ArchiveWriter.Worker worker) throws SQLException, IOException;
    }

    /** What the leader found out at the cut. */
    private record Cut(String snapshot, String lsn, String xids, Instant at, String revision, List<String> tenants) {}

    /** The columns of a table and the expressions that give them; storage_id is the first where there is one. */
    private record Exported(StateSection section, TableColumns columns, String select) {}

    @Override
    public ArchiveWriter.Finished export(Path file, BuildRequest request, BuildProgress progress) throws IOException {
        progress.enter(BuildProgress.Phase.CONNECTING);
        try (Connection leader = connect()) {
            lock(leader, false);
            Cut cut = cut(leader);
            ArchiveMetadata metadata = new ArchiveMetadata(
                    ArchiveNames.FORMAT_VERSION,
                    ArchiveNames.PRODUCT,
                    request.productVersion(),
                    cut.revision(),
                    cut.at(),
                    request.snapshotId(),
                    request.executionId(),
                    request.installationId(),
                    cut.lsn(),
                    cut.xids(),
                    cut.tenants(),
                    request.options(),
                    "deflate");
            try (ArchiveWriter writer =
                    ArchiveWriter.create(file, metadata, pureJava || !DeflateEngines.nativeLoads())) {
                Map<String, AtomicLong> rows = new ConcurrentHashMap<>();
                Queue<Task> tasks = plan(leader, writer, request, progress, rows);
                progress.enter(BuildProgress.Phase.EXPORTING);
                run(tasks, writer, cut.snapshot(), request.workers());
                progress.enter(BuildProgress.Phase.FINISHING);
                Map<String, Long> lastIds = lastStorageIds(leader);
                for (StateSection section : StateSections.ALL) {
                    String name = section.schema() + "." + section.table();
                    long count = rows.containsKey(name) ? rows.get(name).get() : 0;
                    writer.table(
                            new ArchiveManifest.Table(section.schema(), section.table(), count, lastIds.get(name)));
                }
                leader.rollback();
                ArchiveWriter.Finished finished = writer.finish();
                progress.enter(BuildProgress.Phase.DONE);
                return finished;
            }
        } catch (SQLException e) {
            throw new IOException("the state cannot be read: " + e.getMessage(), e);
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", source.username());
        properties.setProperty("password", source.password());
        properties.setProperty("ApplicationName", "holdfast snapshot");
        // Content comes as bytes and not as hexadecimal text, from the first time on.
        properties.setProperty("prepareThreshold", "-1");
        properties.setProperty("tcpKeepAlive", "true");
        Connection connection = DriverManager.getConnection(source.jdbcUrl(), properties);
        boolean ready = false;
        try (Statement statement = connection.createStatement()) {
            for (String setting : List.of(
                    "SET DateStyle TO 'ISO, MDY'",
                    "SET IntervalStyle TO 'postgres'",
                    "SET TimeZone TO 'UTC'",
                    "SET extra_float_digits TO 3",
                    "SET bytea_output TO 'hex'",
                    "SET statement_timeout TO 0",
                    "SET idle_in_transaction_session_timeout TO 0",
                    "SET lock_timeout TO '" + LOCK_TIMEOUT + "'")) {
                statement.execute(setting);
            }
            if (source.role() != null) {
                statement.execute("SET ROLE " + source.role());
            }
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            ready = true;
            return connection;
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    /** Must be the first statement of the transaction: the lock comes before the snapshot. */
    private static void lock(Connection connection, boolean noWait) throws SQLException {
        String tables = StateSections.ALL.stream()
                .map(section -> section.in(StateSchemas.LIVE))
                .collect(Collectors.joining(", "));
        String inventory = StateSchemas.LIVE.inventory();
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + tables + ", " + inventory + ".content, " + inventory
                    + ".content_chunks IN ACCESS SHARE MODE" + (noWait ? " NOWAIT" : ""));
        }
    }

    private static Cut cut(Connection leader) throws SQLException {
        String access = StateSchemas.LIVE.access();
        String revision = StateMigrator.latestRevision();
        List<String> tenants = new ArrayList<>();
        try (Statement statement = leader.createStatement()) {
            String snapshot;
            String lsn;
            String xids;
            Instant at;
            try (ResultSet row = statement.executeQuery(
                    "SELECT pg_export_snapshot(), CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                            + " ELSE pg_current_wal_lsn() END::text, pg_current_snapshot()::text, statement_timestamp()")) {
                row.next();
                snapshot = row.getString(1);
                lsn = row.getString(2);
                xids = row.getString(3);
                at = row.getObject(4, OffsetDateTime.class).toInstant();
            }
            try (ResultSet row = statement.executeQuery("SELECT version FROM " + access
                    + ".state_history WHERE success AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1")) {
                if (row.next()) {
                    revision = row.getString(1);
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT name FROM " + access + ".tenants ORDER BY storage_id")) {
                while (row.next()) {
                    tenants.add(row.getString(1));
                }
            }
            return new Cut(snapshot, lsn, xids, at, revision, tenants);
        }
    }

    private Queue<Task> plan(
            Connection leader,
            ArchiveWriter writer,
            BuildRequest request,
            BuildProgress progress,
            Map<String, AtomicLong> rows)
            throws SQLException, IOException {
        record Weighted(long pages, Task task) {}
        List<Weighted> weighted = new ArrayList<>();
        long pageBytes = one(leader, "SELECT current_setting('block_size')::bigint");
        long estimate = 0;
        try (ArchiveWriter.Worker worker = writer.worker()) {
            List<SecurityDocument.DataKey> keys = new ArrayList<>();
            for (DataKeys.DataKey key : dataKeys.read(leader, StateSchemas.LIVE)) {
                keys.add(new SecurityDocument.DataKey(
                        key.keyId(), Base64.getEncoder().encodeToString(key.key()), key.createdAt()));
            }
            worker.document(ArchiveNames.SECURITY, new SecurityDocument(keys));
            for (StateSection section : StateSections.ALL) {
                Exported exported = exported(leader, section, request);
                worker.columns(exported.columns());
                AtomicLong count = new AtomicLong();
                rows.put(section.schema() + "." + section.table(), count);
                String where = filter(section, request);
                if (where == null) {
                    continue;
                }
                String table = section.in(StateSchemas.LIVE);
                long pages = one(leader, "SELECT pg_relation_size('" + table + "') / " + pageBytes);
                estimate += pages * pageBytes;
                long ranges = section.hasStorageId() ? Math.max(1, (pages + RANGE_PAGES - 1) / RANGE_PAGES) : 1;
                for (long range = 0; range < ranges; range++) {
                    String select = exported.select() + where + pages(range, ranges, where.isEmpty());
                    weighted.add(new Weighted(
                            Math.min(RANGE_PAGES, pages), new TableTask(section, select, count, progress)));
                }
            }
        }
        List<ContentTask.Named> contents = ContentTask.list(leader);
        for (ContentTask.Named content : contents) {
            estimate += content.bytes();
            weighted.add(new Weighted(content.bytes() / pageBytes, new ContentTask(content, progress)));
            if (request.extractedBlueprints() && content.extractTo() != null) {
                weighted.add(new Weighted(content.bytes() / pageBytes, new ExtractTask(content)));
            }
        }
        weighted.add(new Weighted(1, new AgentsTask(request.options().includeCredentials(), dataKeys)));
        progress.estimate(estimate);
        weighted.sort(Comparator.comparingLong(Weighted::pages).reversed());
        return weighted.stream().map(Weighted::task).collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    }

    /** {@code WHERE}/{@code AND} of a range of pages; open at both ends of the table. */
    private static String pages(long range, long ranges, boolean first) {
        if (ranges == 1) {
            return "";
        }
        String from = range == 0 ? "" : "ctid >= '(" + range * RANGE_PAGES + ",0)'";
        String to = range == ranges - 1 ? "" : "ctid < '(" + (range + 1) * RANGE_PAGES + ",0)'";
        return (first ? " WHERE " : " AND ") + from + (from.isEmpty() || to.isEmpty() ? "" : " AND ") + to;
    }

    /** Which rows the options leave: empty for all, null for none. */
    private static @Nullable String filter(StateSection section, BuildRequest request) {
        if (!section.equals(StateSections.EVENTS)) {
            return "";
        }
        boolean events = request.options().includeEvents();
        boolean logs = request.options().includeLogs();
        if (events && logs) {
            return "";
        }
        return events ? " WHERE type = 'cloudify_event'" : logs ? " WHERE type = 'cloudify_log'" : null;
    }

    private static Exported exported(Connection leader, StateSection section, BuildRequest request)
            throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        try (PreparedStatement query = leader.prepareStatement(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ?::regclass"
                        + " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
                        + " ORDER BY attname <> 'storage_id', attnum")) {
            query.setString(1, section.in(StateSchemas.LIVE));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    types.put(row.getString(1), row.getString(2));
                }
            }
        }
        List<TableColumns.Column> columns = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        types.forEach((name, type) -> {
            columns.add(new TableColumns.Column(name, type));
            expressions.add(
                    request.options().includeCredentials()
                            ? quoted(name)
                            : AgentKeys.withoutKeys(section, name, quoted(name)));
        });
        return new Exported(
                section,
                new TableColumns(section.schema(), section.table(), columns),
                "SELECT " + String.join(", ", expressions) + " FROM " + section.in(StateSchemas.LIVE));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static Map<String, Long> lastStorageIds(Connection leader) throws SQLException {
        Map<String, Long> last = new LinkedHashMap<>();
        for (StateSection section : StateSections.ALL) {
            if (!section.hasStorageId()) {
                continue;
            }
            String table = section.in(StateSchemas.LIVE);
            // The sequence may be ahead of the rows (deleted ones); it may also be unreadable for the role, then the
            // rows must do.
            try (Statement statement = leader.createStatement();
                    ResultSet row = statement.executeQuery("SELECT greatest((SELECT max(storage_id) FROM " + table
                            + "), CASE WHEN has_sequence_privilege(s, 'SELECT') THEN pg_sequence_last_value(s::regclass) END)"
                            + " FROM pg_get_serial_sequence('" + table + "', 'storage_id') s")) {
                if (row.next()) {
                    long value = row.getLong(1);
                    if (!row.wasNull()) {
                        last.put(section.schema() + "." + section.table(), value);
                    }
                }
            }
        }
        return last;
    }

    private void run(Queue<Task> tasks, ArchiveWriter writer, String snapshot, int workers)
            throws SQLException, IOException {
        ExecutorService threads = Executors.newFixedThreadPool(workers, work -> {
            Thread thread = new Thread(work, "snapshot-export");
            thread.setDaemon(true);
            return thread;
        });
        List<Connection> connections = new ArrayList<>();
        try {
            ExecutorCompletionService<@Nullable Void> running = new ExecutorCompletionService<>(threads);
            for (int i = 0; i < workers; i++) {
                Connection connection = connect();
                connections.add(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
                }
                lock(connection, true);
                running.submit(() -> {
                    work(tasks, connection, writer);
                    return null;
                });
            }
            for (int i = 0; i < workers; i++) {
                running.take().get();
            }
            for (Connection connection : connections) {
                connection.close();
            }
        } catch (ExecutionException e) {
            rethrow(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("the export was interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            tasks.clear();
            threads.shutdownNow();
            for (Connection connection : connections) {
                // Ends a COPY in the middle, too; close() would read it to its end.
                connection.abort(Runnable::run);
            }
        }
    }

    private static void rethrow(Throwable cause) throws SQLException, IOException {
        if (cause instanceof SQLException sql) {
            throw sql;
        }
        if (cause instanceof IOException io) {
            throw io;
        }
        throw new IOException("the export failed: " + cause, cause);
    }

    private static void work(Queue<Task> tasks, Connection connection, ArchiveWriter writer)
            throws SQLException, IOException {
        try (ArchiveWriter.Worker worker = writer.worker()) {
            Task task;
            while ((task = tasks.poll()) != null) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("the export was interrupted");
                }
                task.run(connection, worker);
            }
        }
    }

    private static long one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
