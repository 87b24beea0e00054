package io.holdfast.snapshot.building.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.archive.ArchiveOptions;
import io.holdfast.archive.ArchiveReader;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.building.BuildRequest;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.testsupport.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledExportIT {

    @TempDir
    Path folder;

    /** The process that is killed. */
    public static void main(String[] args) throws Exception {
        export(new TestDatabase(args[0], args[1], args[2]), Path.of(args[3]));
    }

    @Test
    void aProcessKilledInTheMiddleLeavesNoReadableArchiveAndNoLocks() throws Exception {
        // given
        TestDatabase database = TestDatabase.create();
        new StateMigrator(database.url(), database.username(), database.password()).migrateLive();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, message)"
                            + " SELECT 't', 'cloudify_log', now(), now(), repeat(md5(n::text), 20) FROM generate_series(1, 300000) n");
        }
        Path half = folder.resolve("half.part");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledExportIT.class.getName(),
                        database.url(),
                        database.username(),
                        database.password(),
                        half.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> {
                    assertThat(half).exists();
                    assertThat(Files.size(half)).isGreaterThan(1 << 20);
                });
        // when
        process.destroyForcibly().waitFor();
        // then
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ArchiveReader.open(half)))
                .isInstanceOf(io.holdfast.contracts.errors.ManagerException.class);
        // the server notices a dead client only when it next writes to it
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> {
                    try (Connection connection = database.connect();
                            Statement statement = connection.createStatement()) {
                        connection.setAutoCommit(false);
                        statement.execute("LOCK TABLE scheduler.events IN ACCESS EXCLUSIVE MODE NOWAIT");
                    }
                });
        Path whole = folder.resolve("whole.zip");
        export(database, whole);
        try (ArchiveReader reader = ArchiveReader.open(whole)) {
            reader.verify(2, bytes -> {});
            assertThat(reader.manifest().rows()).isEqualTo(300_000);
        }
    }

    private static void export(TestDatabase database, Path file) throws Exception {
        new PgStateExport(
                        new PgStateExport.Source(database.url(), database.username(), database.password(), null),
                        new DataKeys(MasterKey.of(HoldfastResources.SECRET_KEY)),
                        false)
                .export(
                        file,
                        new BuildRequest("s", null, "test", "test", ArchiveOptions.ALL, 1, false),
                        new BuildProgress());
    }
}
