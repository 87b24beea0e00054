package io.holdfast.archive.cloudify;

import static io.holdfast.testsupport.cloudify.CloudifyItems.event;
import static io.holdfast.testsupport.cloudify.CloudifyItems.events;
import static io.holdfast.testsupport.cloudify.CloudifyItems.execution;
import static io.holdfast.testsupport.cloudify.CloudifyItems.node;
import static io.holdfast.testsupport.cloudify.CloudifyItems.schedule;
import static io.holdfast.testsupport.cloudify.CloudifyItems.site;
import static io.holdfast.testsupport.cloudify.CloudifyItems.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.archive.ArchiveLayout;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.testsupport.cloudify.CloudifyArchiveBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudifyArchiveTest {

    @TempDir
    Path folder;

    @Test
    void tenantsAreToldByPathsWithoutDirectoryEntries() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .metadata("execution_id", "exec1")
                .management("tenants", List.of(tenant("default_tenant")))
                .dump("default_tenant", "sites", List.of(site("london", null)))
                .dump("research", "sites", List.of(site("paris", null)));
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(archive.layout()).isEqualTo(ArchiveLayout.CLOUDIFY_N1);
            assertThat(archive.snapshotVersion()).isEqualTo("7.1.0");
            assertThat(archive.executionId()).contains("exec1");
            assertThat(archive.tenants()).containsExactly("default_tenant", "research");
            assertThat(titles(archive))
                    .containsExactly(
                            "tenants default_tenant",
                            "sites london of tenant default_tenant",
                            "sites paris of tenant research");
        }
    }

    @Test
    void theLayoutWithDirectoriesGivesTheSameEntities() throws IOException {
        // given
        var numbered = everyKind(CloudifyArchiveBuilder.numbered());
        var directories = everyKind(CloudifyArchiveBuilder.directories());
        // when
        try (CloudifyArchive one = open(numbered);
                CloudifyArchive other = open(directories)) {
            // then
            assertThat(other.layout()).isEqualTo(ArchiveLayout.CLOUDIFY_N0);
            assertThat(contents(other)).isEqualTo(contents(one)).hasSize(1 + 700 + 1 + 2 + 1);
        }
    }

    @Test
    void theLastDumpOfAnEntityHolds() throws IOException {
        // given
        List<Map<String, Object>> first = executions(1200, "pending");
        var builder = CloudifyArchiveBuilder.numbered()
                .dump("default_tenant", "executions", first)
                .dump("default_tenant", "sites", List.of(site("london", null)))
                .dump("default_tenant", "executions", executions(3, "terminated"));
        // when
        try (CloudifyArchive archive = open(builder)) {
            List<Entity> executions = read(archive, EntityType.EXECUTIONS);
            // then
            assertThat(executions).hasSize(1200);
            assertThat(executions)
                    .filteredOn(entity -> "terminated".equals(entity.item().text("status")))
                    .extracting(entity -> entity.item().text("id"))
                    .containsExactlyInAnyOrder("exec0", "exec1", "exec2");
        }
    }

    @Test
    void anEntityTwiceInOneDocumentIsOneEntity() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump("default_tenant", "sites", List.of(site("london", "1, 2"), site("london", "3, 4")));
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(read(archive, EntityType.SITES))
                    .extracting(entity -> entity.item().text("location"))
                    .containsExactly("3, 4");
        }
    }

    @Test
    void schedulesOfDifferentDeploymentsMayBearTheSameId() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump(
                        "default_tenant",
                        "execution_schedules",
                        List.of(schedule("daily", "dep1", Map.of()), schedule("daily", "dep2", Map.of())));
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(read(archive, EntityType.EXECUTION_SCHEDULES)).hasSize(2);
        }
    }

    @Test
    void nodesOfDifferentDeploymentsMayBearTheSameId() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump("default_tenant", "nodes", "dep1", List.of(node("vm")))
                .dump("default_tenant", "nodes", "dep2", List.of(node("vm")));
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(read(archive, EntityType.NODES))
                    .extracting(Entity::sourceId)
                    .containsExactly("dep1", "dep2");
        }
    }

    @Test
    void equalEventsOfOneDumpAreAllKept() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .events("default_tenant", "executions", "exec1", List.of(event("same"), event("same"), event("other")));
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(messages(archive)).containsExactly("same", "same", "other");
        }
    }

    @Test
    void eventsThatAreDumpedAgainDoNotDouble() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .events("default_tenant", "executions", "exec1", List.of(event("same"), event("same")))
                .dump("default_tenant", "sites", List.of())
                .events(
                        "default_tenant",
                        "executions",
                        "exec1",
                        List.of(event("same"), event("same"), event("same"), event("new")));
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(messages(archive)).containsExactly("same", "same", "same", "new");
        }
    }

    @Test
    void fullDocumentsOfOneDumpAddUp() throws IOException {
        // given
        List<Map<String, Object>> dump = new ArrayList<>(events("a", 499));
        dump.add(event("same"));
        dump.add(event("same"));
        dump.addAll(events("b", 10));
        var builder = CloudifyArchiveBuilder.numbered()
                .events("default_tenant", "executions", "exec1", dump)
                .dump("default_tenant", "sites", List.of())
                .events("default_tenant", "executions", "exec1", dump);
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(messages(archive))
                    .hasSize(511)
                    .filteredOn("same"::equals)
                    .hasSize(2);
        }
    }

    @Test
    void aFullDocumentThatIsRepeatedAtOnceIsADumpOfItsOwn() throws IOException {
        // given
        List<Map<String, Object>> dump = events("a", 500);
        var builder = CloudifyArchiveBuilder.numbered()
                .events("default_tenant", "executions", "exec1", dump)
                .events("default_tenant", "executions", "exec1", dump);
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(messages(archive)).hasSize(500);
        }
    }

    @Test
    void workDirectoriesAreDecodedAndUploadsFoundByTenantAndId() throws IOException {
        // given
        byte[] zip = {'P', 'K', 5, 6, 1, 2, 3};
        var builder = CloudifyArchiveBuilder.numbered()
                .dump("default_tenant", "sites", List.of())
                .workDirectory("default_tenant", "dep1", Base64.getEncoder().encodeToString(zip) + "\n")
                .workDirectory("default_tenant", "dep2", "There should be cake.\n")
                .blueprintArchive("default_tenant", "bp.tar.gz", new byte[] {1})
                .pluginArchive("default_tenant", "p1", new byte[] {2});
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(bytes(archive.workDirectory("default_tenant", "dep1").orElseThrow()))
                    .isEqualTo(zip);
            Blob notBase64 = archive.workDirectory("default_tenant", "dep2").orElseThrow();
            assertThatThrownBy(() -> bytes(notBase64)).isInstanceOf(NotBase64Exception.class);
            assertThat(bytes(archive.blueprintArchive("default_tenant", "bp.tar.gz")
                            .orElseThrow()))
                    .containsExactly(1);
            assertThat(bytes(archive.pluginArchive("default_tenant", "p1").orElseThrow()))
                    .containsExactly(2);
            assertThat(archive.pluginArchive("other", "p1")).isEmpty();
        }
    }

    @Test
    void whatIsNotKnownIsNamed() throws IOException {
        // given
        var builder = CloudifyArchiveBuilder.numbered()
                .dump("default_tenant", "deployment_modifications", List.of(site("x", null)))
                .management("sites", List.of(site("lost", null)))
                .file("composer/blueprints.json", "{}")
                .file("something/else.bin", "?");
        // when
        try (CloudifyArchive archive = open(builder)) {
            // then
            assertThat(archive.unread())
                    .extracting(UnreadPart::path)
                    .containsExactlyInAnyOrder(
                            "tenants/default_tenant/00000001.json", "mgmt/00000001.json", "something/else.bin");
            assertThat(archive.userInterfaceFiles()).extracting(Blob::path).containsExactly("composer/blueprints.json");
        }
    }

    @Test
    void aLegacyArchiveIsRefusedWithItsVersionAndAWayOut() {
        // given
        var dump = CloudifyArchiveBuilder.numbered()
                .metadata("snapshot_version", "5.1.0")
                .metadata("schema_revision", "abc")
                .file("pg_data", "SELECT 1");
        var elasticsearch = CloudifyArchiveBuilder.numbered()
                .metadata("snapshot_version", "3.4.0")
                .metadata("has_cloudify_events", true)
                .file("es_data", "{}");
        // when, then
        assertRefused(dump, "5.1.0", "database dump");
        assertRefused(elasticsearch, "3.4.0", "Elasticsearch dump");
    }

    @Test
    void damageIsRefusedBeforeAnEntityIsGiven() throws IOException {
        // given
        var cutOff =
                CloudifyArchiveBuilder.numbered().file("tenants/t/00000001.json", "{\"type\": \"sites\", \"items\": [");
        var noItems = CloudifyArchiveBuilder.numbered().file("tenants/t/00000001.json", "{\"type\": \"sites\"}");
        var notObjects = CloudifyArchiveBuilder.numbered()
                .file("tenants/t/00000001.json", "{\"type\": \"sites\", \"items\": [1]}");
        var twice = CloudifyArchiveBuilder.numbered()
                .file("tenants/t/00000001.json", "{\"type\": \"sites\", \"items\": []} {}");
        // when, then
        assertRefused(cutOff, "tenants/t/00000001.json");
        assertRefused(noItems, "has no items");
        assertRefused(notObjects, "expected START_OBJECT");
        assertRefused(twice, "expected the end");
        Path whole = CloudifyArchiveBuilder.numbered()
                .dump("t", "sites", List.of(site("london", null)))
                .writeTo(folder.resolve("whole.zip"));
        byte[] bytes = Files.readAllBytes(whole);
        Path half = Files.write(folder.resolve("half.zip"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> CloudifyArchive.open(half))
                .isInstanceOfSatisfying(
                        ManagerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE));
    }

    @Test
    void entriesThatLeaveTheArchiveAreRefused() throws IOException {
        // given
        Path zip = folder.resolve("slip.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("metadata.json", "mgmt/../../etc/passwd")) {
                out.putNextEntry(new ZipEntry(name));
                out.write("{\"snapshot_version\": \"7.1.0\"}".getBytes(StandardCharsets.UTF_8));
            }
        }
        // when, then
        assertThatThrownBy(() -> CloudifyArchive.open(zip)).isInstanceOf(ManagerException.class);
    }

    @Test
    void anArchiveThatIsNotOfCloudifyIsRefused() {
        assertRefused(CloudifyArchiveBuilder.numbered().file("readme.txt", "hello"), "not a snapshot of Cloudify");
    }

    private void assertRefused(CloudifyArchiveBuilder builder, String... parts) {
        Path zip = builder.writeTo(folder.resolve("refused.zip"));
        assertThatThrownBy(() -> {
                    try (CloudifyArchive archive = CloudifyArchive.open(zip)) {
                        archive.unread();
                    }
                })
                .isInstanceOfSatisfying(ManagerException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARCHIVE);
                    assertThat(e.detail()).contains(parts);
                    assertThat(e.hint()).isNotBlank();
                });
    }

    private CloudifyArchive open(CloudifyArchiveBuilder builder) throws IOException {
        return CloudifyArchive.open(builder.writeTo(Files.createTempFile(folder, "archive", ".zip")));
    }

    private static CloudifyArchiveBuilder everyKind(CloudifyArchiveBuilder builder) {
        return builder.management("tenants", List.of(tenant("default_tenant")))
                .dump("default_tenant", "executions", executions(700, "terminated"))
                .dump("default_tenant", "nodes", "dep1", List.of(node("vm")))
                .events("default_tenant", "executions", "exec1", List.of(event("a"), event("a")))
                .events("default_tenant", "execution_groups", "group1", List.of(event("b")));
    }

    private static List<Map<String, Object>> executions(int count, String status) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> execution("exec" + i, null, "install", status))
                .toList();
    }

    private static List<Entity> read(CloudifyArchive archive, EntityType type) {
        List<Entity> entities = new ArrayList<>();
        archive.<RuntimeException>read("default_tenant", type, entities::add);
        return entities;
    }

    private static List<String> messages(CloudifyArchive archive) {
        return read(archive, EntityType.EVENTS).stream()
                .map(entity -> String.valueOf(entity.item().text("message")))
                .toList();
    }

    private static List<String> titles(CloudifyArchive archive) {
        List<String> titles = new ArrayList<>();
        archive.<RuntimeException>readAll(entity -> titles.add(entity.title()));
        return titles;
    }

    private static List<String> contents(CloudifyArchive archive) {
        List<String> all = new ArrayList<>();
        archive.<RuntimeException>readAll(entity -> all.add(entity.title()
                + entity.source()
                + entity.sourceId()
                + entity.item().node()));
        all.sort(null);
        return all;
    }

    private static byte[] bytes(Blob blob) throws IOException {
        try (InputStream in = blob.open()) {
            return in.readAllBytes();
        }
    }
}
