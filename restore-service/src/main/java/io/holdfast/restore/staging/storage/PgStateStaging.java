package io.holdfast.restore.staging.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.restore.loading.ArchiveSummary;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.LoadReport;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.StateLoader;
import io.holdfast.restore.loading.storage.InParallel;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.loading.storage.PgStagingTarget;
import io.holdfast.restore.staging.Phase;
import io.holdfast.restore.staging.Phases;
import io.holdfast.restore.staging.StagedState;
import io.holdfast.restore.staging.StateStaging;
import io.holdfast.state.RowCounts;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.StateSection;
import io.holdfast.state.StateSections;
import io.holdfast.state.secrets.DataKeys;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Stages in the schemas {@link StateSchemas#STAGING}. A plain class: benchmarks call it with a JDBC URL. */
public final class PgStateStaging implements StateStaging {

    private static final StateSchemas STAGED = StateSchemas.STAGING;

    /** So many examples of one fault tell enough. */
    private static final int EXAMPLES = 3;

    private final OwnerDatabase database;
    private final StateMigrator migrator;
    private final DataKeys dataKeys;
    private final List<StateLoader> loaders;
    private final Supplier<Instant> now;

    /**
     * @param database as the login role
     * @param loaders asked in this order whether an archive is theirs
     */
    public PgStateStaging(
            OwnerDatabase database, MasterKey masterKey, List<StateLoader> loaders, Supplier<Instant> now) {
        this.database = database;
        this.migrator = new StateMigrator(database.url(), database.username(), database.password());
        this.dataKeys = new DataKeys(masterKey);
        this.loaders = List.copyOf(loaders);
        this.now = now;
    }

    @Override
    public ArchiveSummary inspect(Path archive) {
        return reader(archive).summary();
    }

    private record Reader(StateLoader loader, ArchiveSummary summary) {}

    private Reader reader(Path archive) {
        for (StateLoader loader : loaders) {
            Optional<ArchiveSummary> summary = loader.inspect(archive);
            if (summary.isPresent()) {
                return new Reader(loader, summary.get());
            }
        }
        throw new ManagerException(
                ErrorCode.INVALID_ARCHIVE,
                "the archive is of a layout that cannot be restored here",
                "archives of Holdfast, and of Cloudify 7 (not made with `legacy`), can be restored");
    }

    @Override
    public StagedState stage(String restoreId, Path archive, LoadOptions options, Progress progress, Phases phases) {
        OwnerDatabase own = database.named(restoreId);
        phases.begin(Phase.INSPECT);
        Reader reader = reader(archive);
        phases.begin(Phase.BUILD);
        discard();
        migrator.migrate(STAGED, reader.summary().stateRevision());
        DeferredIndexes indexes;
        try (Connection connection = own.open()) {
            indexes = DeferredIndexes.takeOff(connection, STAGED);
            RowCounts.stop(connection, STAGED);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot prepare the staged schemas", e);
        }
        phases.begin(Phase.LOAD);
        LoadReport report;
        try (PgStagingTarget target = new PgStagingTarget(own, STAGED, dataKeys, options.workers(), now)) {
            report = reader.loader().load(archive, target, options, progress);
        }
        phases.begin(Phase.INDEX);
        InParallel.run("restore-index", options.workers(), indexes.tables(), table -> build(own, indexes, table));
        phases.begin(Phase.VERIFY);
        Map<String, Long> rows;
        try (Connection connection = own.open()) {
            rows = count(connection);
            compare(report, rows);
            continueSequences(connection);
            checkContent(connection);
            RowCounts.start(connection, STAGED);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot verify the staged state", e);
        }
        phases.begin(Phase.MIGRATE);
        migrator.migrate(STAGED, null);
        return new StagedState(reader.summary(), report, rows);
    }

    private static void build(OwnerDatabase database, DeferredIndexes indexes, String table) {
        try {
            indexes.build(database, table);
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("23")) {
                throw damaged("the archive holds rows that may not be together in " + table + ": " + e.getMessage());
            }
            throw new IllegalStateException("cannot build the indexes of " + table, e);
        }
    }

    private static Map<String, Long> count(Connection connection) throws SQLException {
        Map<String, Long> rows = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            for (StateSection section : sections(connection)) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + section.in(STAGED))) {
                    row.next();
                    if (row.getLong(1) > 0) {
                        rows.put(section.schema() + "." + section.table(), row.getLong(1));
                    }
                }
            }
        }
        return rows;
    }

    /** Those that the archive's state revision has. */
    private static List<StateSection> sections(Connection connection) throws SQLException {
        List<StateSection> sections = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            for (StateSection section : StateSections.ALL) {
                find.setString(1, section.in(STAGED));
                try (ResultSet row = find.executeQuery()) {
                    row.next();
                    if (row.getBoolean(1)) {
                        sections.add(section);
                    }
                }
            }
        }
        return sections;
    }

    private static void compare(LoadReport report, Map<String, Long> rows) {
        for (Map.Entry<String, Long> loaded : report.rows().entrySet()) {
            long there = rows.getOrDefault(loaded.getKey(), 0L);
            if (there != loaded.getValue()) {
                throw new IllegalStateException("the staged table " + loaded.getKey() + " holds " + there + " rows; "
                        + loaded.getValue() + " were loaded");
            }
        }
    }

    /** A number that was given out must not be given out again. */
    private static void continueSequences(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (StateSection section : sections(connection)) {
                if (!section.hasStorageId()) {
                    continue;
                }
                String sequence;
                try (ResultSet row = statement.executeQuery(
                        "SELECT pg_get_serial_sequence('" + section.in(STAGED) + "', 'storage_id')")) {
                    row.next();
                    sequence = row.getString(1);
                }
                if (sequence != null) {
                    statement.execute(
                            "SELECT setval('" + sequence + "', m.highest) FROM (SELECT max(storage_id) AS highest FROM "
                                    + section.in(STAGED) + ") m, " + sequence
                                    + " s WHERE m.highest IS NOT NULL AND (m.highest > s.last_value OR NOT s.is_called)");
                }
            }
        }
    }

    /** Everything that a row names by its hash is there, and is as long as it should be. */
    private static void checkContent(Connection connection) throws SQLException {
        List<String[]> references = new ArrayList<>();
        try (PreparedStatement find = connection.prepareStatement(
                "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?"
                        + " AND column_name LIKE '%sha256' AND table_name NOT IN ('content', 'content_chunks')")) {
            find.setString(1, STAGED.inventory());
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    references.add(new String[] {row.getString(1), row.getString(2)});
                }
            }
        }
        for (String[] reference : references) {
            String missing = examples(
                    connection,
                    "SELECT DISTINCT r." + reference[1] + " FROM " + STAGED.inventory() + "." + reference[0]
                            + " r WHERE r." + reference[1] + " IS NOT NULL AND NOT EXISTS (SELECT FROM "
                            + STAGED.inventory() + ".content c WHERE c.sha256 = r." + reference[1] + ")");
            if (!missing.isEmpty()) {
                throw damaged("inventory." + reference[0] + "." + reference[1]
                        + " names content that the archive does not carry: " + missing);
            }
        }
        String cut = examples(
                connection,
                "SELECT c.sha256 FROM " + STAGED.inventory()
                        + ".content c LEFT JOIN (SELECT sha256, sum(octet_length(data)) AS bytes FROM "
                        + STAGED.inventory()
                        + ".content_chunks GROUP BY sha256) k USING (sha256) WHERE c.size_bytes <> coalesce(k.bytes, 0)");
        if (!cut.isEmpty()) {
            throw new IllegalStateException("staged content is not as long as it should be: " + cut);
        }
    }

    private static String examples(Connection connection, String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query + " LIMIT " + EXAMPLES)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return String.join(", ", found);
    }

    @Override
    public void discard() {
        try (Connection connection = database.open();
                PreparedStatement end = connection.prepareStatement(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name LIKE ? AND pid <> pg_backend_pid()")) {
            end.setString(1, OwnerDatabase.nameFor("%"));
            end.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot end what a dead restore still does", e);
        }
        migrator.drop(STAGED);
    }

    private static ManagerException damaged(String what) {
        return new ManagerException(
                ErrorCode.INVALID_ARCHIVE, what, "the archive is damaged or was changed; restore another one");
    }
}
