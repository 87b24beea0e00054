package io.holdfast.snapshot.building.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.archive.ArchiveManifest;
import io.holdfast.archive.ArchiveOptions;
import io.holdfast.archive.ArchiveReader;
import io.holdfast.archive.Hashes;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.building.BuildRequest;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.StateSections;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import io.holdfast.testsupport.HoldfastResources;
import io.holdfast.testsupport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgStateExportIT {

    private static final DataKeys KEYS = new DataKeys(MasterKey.of(HoldfastResources.SECRET_KEY));

    @TempDir
    Path folder;

    private TestDatabase database;

    @BeforeEach
    void freshState() {
        database = TestDatabase.copyOf(
                "the live state",
                empty -> new StateMigrator(empty.url(), empty.username(), empty.password()).migrateLive());
    }

    @AfterEach
    void dropDatabase() {
        database.drop();
    }

    @Test
    void everyTableIsInTheArchiveWithAllItsRows() throws Exception {
        // given
        sql("INSERT INTO access.tenants (name) VALUES ('default_tenant'), ('other')");
        sql("INSERT INTO inventory.sites (tenant_name, name) VALUES ('other', E'tab\\there\\nand \\\\ there')");
        sql("INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, message)"
                + " SELECT 'other', CASE WHEN n % 3 = 0 THEN 'cloudify_log' ELSE 'cloudify_event' END, now(), now(),"
                + " repeat('some text ', 20) || n FROM generate_series(1, 300000) n");
        // when
        Path file = export(ArchiveOptions.ALL, 2);
        // then
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            reader.verify(2, bytes -> {});
            assertThat(reader.metadata().tenants()).containsExactly("default_tenant", "other");
            assertThat(reader.metadata().stateRevision()).isEqualTo(StateMigrator.latestRevision());
            assertThat(reader.manifest().tables()).hasSize(StateSections.ALL.size());
            ArchiveManifest.Table events = table(reader, "events");
            assertThat(events.rows()).isEqualTo(300_000);
            assertThat(events.lastStorageId()).isEqualTo(300_000);
            assertThat(reader.rows(events))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(entry -> assertThat(entry.name()).startsWith("es_data/events/"));
            assertThat(text(reader, "sites"))
                    .isEqualTo("1\tother\ttab\\there\\nand \\\\ there\t\\N\t\\N\ttenant\t\\N\t\\N\n");
            assertThat(reader.columns("inventory", "sites").orElseThrow().names())
                    .startsWith("storage_id", "tenant_name");
        }
    }

    @Test
    void theArchiveIsOfOneInstantWhileWritersGoOn() throws Exception {
        // given a thousand in one table, and writers that move some of it to another and back in single transactions
        sql("INSERT INTO inventory.deployment_groups (tenant_name, id, creation_counter) VALUES ('t', 'a', 1000)");
        sql("INSERT INTO scheduler.execution_groups (tenant_name, id, concurrency) VALUES ('t', 'b', 0)");
        sql("INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, message)"
                + " SELECT 't', 'cloudify_log', now(), now(), repeat('x', 300) FROM generate_series(1, 200000)");
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(2);
        List<Future<Integer>> moves = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            moves.add(writers.submit(() -> move(stop)));
        }
        // when
        List<Path> files = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                files.add(export(ArchiveOptions.ALL, 2));
            }
        } finally {
            stop.set(true);
        }
        // then
        int moved = 0;
        for (Future<Integer> writer : moves) {
            moved += writer.get();
        }
        writers.shutdown();
        assertThat(moved).as("transactions during the exports").isGreaterThan(50);
        for (Path file : files) {
            try (ArchiveReader reader = ArchiveReader.open(file)) {
                int here = Integer.parseInt(text(reader, "deployment_groups").split("\t")[6]);
                int there = Integer.parseInt(text(reader, "execution_groups").split("\t")[5]);
                assertThat(here + there).isEqualTo(1000);
            }
        }
    }

    @Test
    void contentTravelsAsFilesUnderTheNamesOfWhatItBelongsTo() throws Exception {
        // given
        byte[] blueprint = tarGz("bp/blueprint.yaml", "tosca_definitions_version: x\n", "../evil", "no");
        byte[] plugin = new byte[3_000_000];
        new java.util.Random(1).nextBytes(plugin);
        byte[] nobody = "nobody's".getBytes(StandardCharsets.UTF_8);
        String blueprintHash = content(blueprint);
        String pluginHash = content(plugin);
        String nobodyHash = content(nobody);
        sql("INSERT INTO inventory.blueprints (tenant_name, id, archive_sha256, archive_name) VALUES ('t', 'bp', '"
                + blueprintHash + "', 'bp.tar.gz'), ('t', 'dangling', repeat('0', 64), 'x.zip')");
        sql("INSERT INTO inventory.plugins (tenant_name, id, archive_sha256, wagon_sha256) VALUES ('t', 'p', '"
                + pluginHash + "', '" + pluginHash + "')");
        sql("INSERT INTO inventory.ui_data (path, content_sha256) VALUES ('stage/t/ua.json', '" + nobodyHash + "')");
        String lonely = content("lonely".getBytes(StandardCharsets.UTF_8));
        // when
        Path file = export(ArchiveOptions.ALL, 1);
        // then
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            reader.verify(1, bytes -> {});
            assertThat(reader.contents().stream().map(ArchiveManifest.Entry::name))
                    .containsExactlyInAnyOrder(
                            "uploaded-blueprints/t/bp.tar.gz",
                            "plugins/t/p.wgn",
                            "ui/stage/t/ua.json",
                            "content/" + lonely);
            assertThat(reader.find("plugins/t/p.wgn").orElseThrow().sha256()).isEqualTo(pluginHash);
            try (InputStream in = reader.open(reader.find("plugins/t/p.wgn").orElseThrow())) {
                assertThat(in.readAllBytes()).isEqualTo(plugin);
            }
            assertThat(reader.find("blueprints/t/bp/bp/blueprint.yaml")).isPresent();
            assertThat(reader.find("blueprints/t/bp/%2E%2E/evil")).isPresent();
        }
    }

    @Test
    void namesInABlueprintThatNoZipCanHoldLeaveTheSnapshotWhole() throws Exception {
        // given: a Zip file has two bytes for the length of a name
        String hash = content(
                tarGz("bp/blueprint.yaml", "tosca_definitions_version: x\n", "d".repeat(70_000), "no", "bp/last", "l"));
        sql("INSERT INTO inventory.blueprints (tenant_name, id, archive_sha256, archive_name) VALUES ('t', 'bp', '"
                + hash + "', 'bp.tar.gz')");
        // when
        Path file = export(ArchiveOptions.ALL, 1);
        // then
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            reader.verify(1, bytes -> {});
            assertThat(reader.find("uploaded-blueprints/t/bp.tar.gz")).isPresent();
            assertThat(reader.find("blueprints/t/bp/bp/blueprint.yaml")).isPresent();
        }
    }

    @Test
    void logsAndEventsAreLeftOutWhereAskedFor() throws Exception {
        // given
        sql(
                "INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp) VALUES ('t', 'cloudify_log', now(), now()),"
                        + " ('t', 'cloudify_log', now(), now()), ('t', 'cloudify_event', now(), now())");
        // when, then
        assertThat(eventRows(new ArchiveOptions(true, true, true))).isEqualTo(3);
        assertThat(eventRows(new ArchiveOptions(true, true, false))).isEqualTo(2);
        assertThat(eventRows(new ArchiveOptions(true, false, true))).isEqualTo(1);
        assertThat(eventRows(new ArchiveOptions(true, false, false))).isZero();
    }

    @Test
    void agentKeysTravelOnlyWithCredentials() throws Exception {
        // given
        String key = "-----BEGIN RSA PRIVATE KEY-----\\nsecret-of-vm\\n";
        try (Connection connection = database.connect()) {
            SecretBox box = KEYS.ensure(connection, StateSchemas.LIVE, Instant.EPOCH);
            sql("INSERT INTO inventory.secrets (tenant_name, key, value_enc) VALUES ('t', 'k', '"
                    + box.seal("-----BEGIN KEY----- from a secret", SecretBox.aad("secrets", "t", "k")) + "')");
        }
        sql("INSERT INTO inventory.nodes (tenant_name, deployment_id, id, properties) VALUES"
                + " ('t', 'd', 'vm', '{\"agent_config\": {\"key\": \"" + key + "\", \"user\": \"u\"}, \"x\": 1}'),"
                + " ('t', 'd', 'vm2', '{\"agent_config\": {\"key\": {\"get_secret\": \"k\"}}}'),"
                + " ('t', 'd', 'odd', '[1]'), ('t', 'd', 'odd2', '{\"agent_config\": \"text\"}')");
        sql("INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, runtime_properties) VALUES"
                + " ('t', 'vm_1', 'd', 'vm', '{\"cloudify_agent\": {\"key\": \"" + key
                + "\", \"broker_ip\": \"10.0.0.1\", \"broker_ssl_enabled\": true}}')");
        sql("INSERT INTO inventory.agents (tenant_name, id, name, node_instance_id, deployment_id, node_id, version)"
                + " VALUES ('t', 'a', 'a', 'vm_1', 'd', 'vm', '7.1')");
        // when
        Path with = export(ArchiveOptions.ALL, 1);
        Path without = export(new ArchiveOptions(false, true, true), 1);
        // then
        try (ArchiveReader reader = ArchiveReader.open(with)) {
            assertThat(document(reader, "snapshot-credentials/t_d_vm/agent_key"))
                    .contains("secret-of-vm");
            assertThat(document(reader, "snapshot-credentials/t_d_vm2/agent_key"))
                    .contains("from a secret");
            assertThat(text(reader, "nodes")).contains("secret-of-vm");
            assertThat(document(reader, "agents.json")).contains("\"vm_1\"", "\"7.1\"", "10.0.0.1");
            assertThat(reader.security().orElseThrow().dataKeys()).hasSize(1);
        }
        try (ArchiveReader reader = ArchiveReader.open(without)) {
            assertThat(reader.manifest().entries())
                    .noneMatch(entry -> entry.name().startsWith("snapshot-credentials/"));
            assertThat(text(reader, "nodes"))
                    .doesNotContain("secret-of-vm")
                    .contains("\"key\": null", "\"user\": \"u\"", "get_secret");
            assertThat(text(reader, "node_instances"))
                    .doesNotContain("secret-of-vm")
                    .contains("10.0.0.1");
        }
    }

    @Test
    void aDamagedContentFailsTheExportAndSaysWhich() throws Exception {
        // given
        String hash = content("good".getBytes(StandardCharsets.UTF_8));
        sql("UPDATE inventory.content_chunks SET data = 'evil'");
        // when, then
        assertThatThrownBy(() -> export(ArchiveOptions.ALL, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(hash);
    }

    @Test
    void anInterruptedExportEndsItsConnectionsAndLocks() throws Exception {
        // given
        sql("INSERT INTO scheduler.events (tenant_name, type, timestamp, reported_timestamp, message)"
                + " SELECT 't', 'cloudify_log', now(), now(), repeat('x', 500) FROM generate_series(1, 400000)");
        Path file = folder.resolve("interrupted.part");
        BuildProgress progress = new BuildProgress();
        Thread build = new Thread(() -> {
            try {
                engine().export(file, request(ArchiveOptions.ALL, 1), progress);
            } catch (IOException expected) {
                // The file is half-written, as it says.
            }
        });
        // when
        build.start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(progress.rows()).isPositive());
        build.interrupt();
        // then
        build.join(30_000);
        assertThat(build.isAlive()).isFalse();
        assertThat(progress.phase()).isNotEqualTo(BuildProgress.Phase.DONE);
        assertThatThrownBy(() -> ArchiveReader.open(file)).hasMessageContaining("Zip");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> sql("LOCK TABLE scheduler.events IN ACCESS EXCLUSIVE MODE NOWAIT"));
    }

    private int move(AtomicBoolean stop) throws SQLException {
        int moves = 0;
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
                int amount = moves % 7 - 3;
                statement.execute(
                        "UPDATE inventory.deployment_groups SET creation_counter = creation_counter - " + amount);
                statement.execute("UPDATE scheduler.execution_groups SET concurrency = concurrency + " + amount);
                connection.commit();
                moves++;
            }
        }
        return moves;
    }

    private long eventRows(ArchiveOptions options) throws IOException {
        try (ArchiveReader reader = ArchiveReader.open(export(options, 1))) {
            return table(reader, "events").rows();
        }
    }

    private Path export(ArchiveOptions options, int workers) throws IOException {
        Path file = folder.resolve("a" + System.nanoTime() + ".zip");
        engine().export(file, request(options, workers), new BuildProgress());
        return file;
    }

    private PgStateExport engine() {
        return new PgStateExport(
                new PgStateExport.Source(database.url(), database.username(), database.password(), "holdfast_snapshot"),
                KEYS,
                false);
    }

    private static BuildRequest request(ArchiveOptions options, int workers) {
        return new BuildRequest("s1", "e1", "0.1", "i1", options, workers, true);
    }

    private static ArchiveManifest.Table table(ArchiveReader reader, String name) {
        return reader.manifest().tables().stream()
                .filter(table -> table.table().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(ArchiveReader reader, String table) {
        StringBuilder text = new StringBuilder();
        reader.rows(table(reader, table))
                .forEach(entry -> text.append(new String(reader.read(entry), StandardCharsets.UTF_8)));
        return text.toString();
    }

    private static String document(ArchiveReader reader, String name) {
        return new String(reader.read(reader.find(name).orElseThrow()), StandardCharsets.UTF_8);
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            connection.commit();
        }
    }

    private String content(byte[] bytes) throws SQLException {
        String hash = Hashes.sha256Hex(bytes, 0, bytes.length);
        sql("INSERT INTO inventory.content VALUES ('" + hash + "', " + bytes.length + ")");
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO inventory.content_chunks VALUES (?, ?, ?)")) {
            for (int at = 0, seq = 0; at < bytes.length; at += 1 << 20, seq++) {
                insert.setString(1, hash);
                insert.setInt(2, seq);
                insert.setBytes(3, java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + (1 << 20))));
                insert.executeUpdate();
            }
        }
        return hash;
    }

    private static byte[] tarGz(String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                byte[] text = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(namesAndTexts[i]);
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
