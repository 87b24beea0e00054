package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.SyncSetting;
import io.holdfast.cluster.postgres.PostgresConfiguration;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The cluster's first database, on the one node that makes it. A process killed midway leaves nothing that is taken for it. */
final class NewDatabase {
    /** Exists while the database is made, and is left where that was cut short. */
    static final String MAKING = "postgres.making";

    /** Of a file of the log. */
    private static final int SEGMENT_MEGABYTES = 1;

    private static final Duration INITDB_LIMIT = Duration.ofMinutes(5);
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final NodeFiles files;
    private final LocalConnections connections;
    private final Server server;

    NewDatabase(
            PostgresSettings settings,
            PostgresBinaries binaries,
            NodeFiles files,
            LocalConnections connections,
            Server server) {
        this.settings = settings;
        this.binaries = binaries;
        this.files = files;
        this.connections = connections;
        this.server = server;
    }

    void create() {
        Path data = files.data();
        if (Files.exists(data.resolve("PG_VERSION")) && !Files.exists(files.file(MAKING))) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "node " + settings.node() + " has a database in " + data + " already",
                    "only a node without data makes a cluster's first database");
        }
        // by this mark, and by nothing else, what a process killed midway left is told from a database
        files.write(files.file(MAKING), "initdb\n");
        server.stop(StopMode.KILL, Duration.ZERO);
        files.deleteTree(data);
        initdb(data);
        // Nobody can have got an acknowledgement from this database yet: the one time that a commit waits for nobody.
        files.write(
                files.file(PostgresConfiguration.SYNC_FILE), PostgresConfiguration.sync(new SyncSetting(0, List.of())));
        files.write(files.file(PostgresConfiguration.UPSTREAM_FILE), PostgresConfiguration.noUpstream());
        files.write(files.file(PostgresConfiguration.ROLE_FILE), PostgresConfiguration.readOnly(false));
        server.start(List.of("listen_addresses="), ANSWER_LIMIT);
        try {
            fill();
        } finally {
            server.stop(StopMode.FAST, ANSWER_LIMIT);
        }
        files.write(files.file(PostgresConfiguration.SYNC_FILE), PostgresConfiguration.sync(settings.sync()));
        files.write(files.standbySignal(), "");
        files.remove(files.file(MAKING));
    }

    private void initdb(Path data) {
        List<String> words = new ArrayList<>(List.of(
                binaries.program("initdb"),
                "--pgdata=" + data,
                "--username=" + PostgresSettings.AGENT_ROLE,
                "--auth=reject",
                "--encoding=UTF8",
                // a promotion copies one, a standby that turns to a new timeline reads one again, a rewind fetches one
                // for each epoch
                "--wal-segsize=" + SEGMENT_MEGABYTES,
                "--data-checksums"));
        if (binaries.major() >= 17) {
            // the same order of strings on every machine
            words.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
        } else {
            words.addAll(List.of("--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"));
        }
        try {
            // initdb makes the directory only where it may write: root makes it for the other user
            Files.createDirectories(data);
            Files.setPosixFilePermissions(data, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
            files.user().handOver(data);
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INTERNAL_SERVER, "cannot make " + data + ": " + e, null, e);
        }
        new Command(files.user().command(words), java.util.Map.of())
                .run(INITDB_LIMIT)
                .orThrow();
    }

    private void fill() {
        String replication = PostgresSettings.REPLICATION_ROLE;
        try (Connection connection = connections.local("postgres", ANSWER_LIMIT);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE ROLE " + replication + " LOGIN REPLICATION PASSWORD "
                    + literal(settings.replicationPassword()));
            sql.execute("CREATE ROLE " + identifier(settings.owner()) + " LOGIN CREATEROLE PASSWORD "
                    + literal(settings.ownerPassword()));
            sql.execute(
                    "CREATE DATABASE " + identifier(settings.database()) + " OWNER " + identifier(settings.owner()));
        } catch (SQLException e) {
            throw failed(e);
        }
        try (Connection connection = connections.local(settings.database(), ANSWER_LIMIT);
                Statement sql = connection.createStatement()) {
            sql.execute(schema());
            // what pg_rewind asks of its source, see its manual page
            for (String function : List.of(
                    "pg_ls_dir(text, boolean, boolean)",
                    "pg_stat_file(text, boolean)",
                    "pg_read_binary_file(text)",
                    "pg_read_binary_file(text, bigint, bigint, boolean)")) {
                sql.execute("GRANT EXECUTE ON FUNCTION pg_catalog." + function + " TO " + replication);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static String schema() {
        try (InputStream text = Objects.requireNonNull(
                NewDatabase.class.getResourceAsStream("/db/cluster_ha/schema.sql"), "schema.sql is in this module")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INTERNAL_SERVER, "schema.sql is unreadable: " + e, null, e);
        }
    }

    private static ManagerException failed(SQLException cause) {
        return new ManagerException(
                ErrorCode.INTERNAL_SERVER,
                "the cluster's first database cannot be filled: " + cause.getMessage(),
                null,
                cause);
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}
