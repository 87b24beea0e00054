package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.e2e.Census.Type;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job on genuine data: an archive of the real product goes into a fresh manager, a snapshot of that goes into a second
 * fresh one, and everything is compared, field by field.
 */
class GenuineArchiveE2E {

    private static final List<String> TENANTS = List.of("default_tenant", "shared", "other");

    /** What the archive does not carry, so that no restore can bring it back. Source: the archive format's item fields. */
    private static final Map<Type, Set<String>> NOT_CARRIED = notCarried();

    /** Executions that were under way are cancelled, and one that was scheduled has no time in this layout: see docs/restore.md. */
    private static final Map<String, String> CHANGED_BY_THE_RESTORE_RULE =
            Map.of("exec-pending", "cancelled", "exec-started", "cancelled", "exec-scheduled", "failed");

    /** One that was queued gets its turn when the maintenance mode of the restore ends. */
    private static final String QUEUED = "exec-queued";

    @TempDir
    static Path folder;

    private static Path archive;
    private static JsonNode census;
    private static Stack first;
    private static Stack second;
    private static JsonNode firstRestore;

    @BeforeAll
    static void restoreTwice() throws IOException {
        Path fixtures = Path.of(System.getenv()
                .getOrDefault(
                        "HOLDFAST_FIXTURES",
                        Repository.root().resolve("../shared/fixtures").toString()));
        archive = fixtures.resolve("real_7x_flat_easy.zip");
        assumeThat(Files.exists(archive))
                .as("skipped: needs the genuine archive " + archive + " (set HOLDFAST_FIXTURES)")
                .isTrue();
        census = Api.JSON.readTree(
                fixtures.resolve("real_7x_flat_easy.source-census.json").toFile());

        first = Stack.start(folder.resolve("first"));
        Api api = first.api();
        assertThat(api.upload("/api/v3.1/snapshots/genuine/archive", archive).status())
                .isEqualTo(201);
        firstRestore = api.restore("genuine", "{\"force\": false, \"hash_salt\": \"salt123\"}");

        // what was queued gets its turn now; the snapshot is to find it settled
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(Census.list(api, Type.EXECUTIONS)
                                .get(QUEUED)
                                .get("status")
                                .asText())
                        .isEqualTo("failed"));
        api.createSnapshot("native");
        Path nativeArchive = api.download("/api/v3.1/snapshots/native/archive", folder.resolve("native.zip"));
        second = Stack.start(folder.resolve("second"));
        assertThat(second.api()
                        .upload("/api/v3.1/snapshots/from-first/archive", nativeArchive)
                        .status())
                .isEqualTo(201);
        JsonNode secondRestore = second.api().restore("from-first", "{\"force\": false}");
        assertThat(secondRestore.get("status").asText())
                .as(secondRestore.toPrettyString())
                .isEqualTo("completed");
    }

    @AfterAll
    static void stop() {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
    }

    @Test
    void theRestoreOfTheGenuineArchiveCompletes() {
        assertThat(firstRestore.get("status").asText())
                .as(firstRestore.toPrettyString())
                .isEqualTo("completed");
    }

    @Test
    void everythingThatTheGenuineArchiveCarriesComesBack() {
        List<String> differences = new ArrayList<>();
        for (String tenant : TENANTS) {
            Api api = first.api().inTenant(tenant);
            for (Type type : Type.values()) {
                Map<String, JsonNode> expected =
                        Census.ofCensusFile(census.get("per_tenant").get(tenant), type);
                if (type == Type.EXECUTIONS) {
                    CHANGED_BY_THE_RESTORE_RULE.keySet().forEach(expected::remove);
                    expected.remove(QUEUED);
                }
                differences.addAll(Census.differences(
                        tenant + " " + type,
                        expected,
                        Census.list(api, type),
                        NOT_CARRIED.getOrDefault(type, Set.of())));
            }
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void executionsThatWereUnderWayAreEndedByTheRestoreRule() {
        Map<String, JsonNode> executions = Census.list(first.api(), Type.EXECUTIONS);
        Map<String, String> statuses = new TreeMap<>();
        CHANGED_BY_THE_RESTORE_RULE
                .keySet()
                .forEach(id -> statuses.put(id, executions.get(id).get("status").asText()));
        assertThat(statuses).isEqualTo(new TreeMap<>(CHANGED_BY_THE_RESTORE_RULE));
    }

    @Test
    void theExecutionThatWasQueuedGetsItsTurn() {
        assertThat(Census.list(first.api(), Type.EXECUTIONS)
                        .get(QUEUED)
                        .get("error")
                        .asText())
                .contains("this workflow needs a worker, and none is attached");
    }

    @Test
    void noEventIsLostAndNoneIsDoubled() {
        JsonNode expected = census.get("per_tenant").get("default_tenant").get("events");
        Map<String, Integer> counts = new TreeMap<>();
        Map<String, Integer> wanted = new TreeMap<>();
        expected.properties().forEach(entry -> {
            if (!CHANGED_BY_THE_RESTORE_RULE.containsKey(entry.getKey())
                    && !entry.getKey().equals(QUEUED)) {
                wanted.put(entry.getKey(), entry.getValue().asInt());
                counts.put(
                        entry.getKey(),
                        first.api()
                                .items("/api/v3.1/events?execution_id=" + entry.getKey())
                                .size());
            }
        });
        assertThat(counts).isEqualTo(wanted);
    }

    @Test
    void secretsOpenWithTheirValues() {
        for (String tenant : TENANTS) {
            JsonNode values = census.get("per_tenant").get(tenant).get("secret_values");
            values.properties()
                    .forEach(entry -> assertThat(secretValue(
                                    tenant, entry.getKey(), entry.getValue().isTextual()))
                            .as(tenant + "/" + entry.getKey())
                            .isEqualTo(entry.getValue()));
        }
    }

    /** A secret with a schema shows a parsed value; this layout carries its text without the schema, so text comes back. */
    private static JsonNode secretValue(String tenant, String key, boolean text) {
        JsonNode value =
                first.api().inTenant(tenant).getOk("/api/v3.1/secrets/" + key).get("value");
        try {
            return text ? value : Api.JSON.readTree(value.asText());
        } catch (IOException e) {
            throw new UncheckedIOException("not the JSON text of a value: " + value, e);
        }
    }

    @Test
    void usersGroupsAndTenantsComeBackAndUsersCanLogIn() {
        Map<String, JsonNode> users = byName(first.api().items("/api/v3.1/users?_get_data=true"), "username");
        Map<String, JsonNode> expected = byName(census.get("users"), "username");
        expected.remove("admin"); // the target's own
        assertThat(Census.differences("user", expected, users, Set.of())).isEmpty();
        assertThat(byName(first.api().items("/api/v3.1/tenants"), "name").keySet())
                .containsExactlyInAnyOrderElementsOf(TENANTS);
        assertThat(Census.differences(
                        "user group",
                        byName(census.get("user_groups"), "name"),
                        byName(first.api().items("/api/v3.1/user-groups?_get_data=true"), "name"),
                        Set.of()))
                .isEmpty();
        assertThat(first.api()
                        .as("alice", "alice-password")
                        .get("/api/v3.1/user")
                        .status())
                .isEqualTo(200);
        assertThat(first.api().as("alice", "wrong").get("/api/v3.1/user").status())
                .isEqualTo(401);
        assertThat(second.api().as("bob", "bob-password").get("/api/v3.1/user").status())
                .isEqualTo(200);
    }

    @Test
    void blueprintAndPluginArchivesAreTheSameBytes() throws IOException {
        Path one = first.api().download("/api/v3.1/blueprints/bp1/archive", folder.resolve("bp1-first.tar.gz"));
        Path two = second.api().download("/api/v3.1/blueprints/bp1/archive", folder.resolve("bp1-second.tar.gz"));
        assertThat(Files.size(one)).isPositive();
        assertThat(Files.mismatch(one, two)).isEqualTo(-1);
        String plugin = "/api/v3.1/plugins/1f436482-6984-4d35-b468-f15121ec1441/archive?full_archive=true";
        Path three = first.api().download(plugin, folder.resolve("plugin-first.zip"));
        Path four = second.api().download(plugin, folder.resolve("plugin-second.zip"));
        assertThat(Files.size(three)).isPositive();
        assertThat(Files.mismatch(three, four)).isEqualTo(-1);
    }

    @Test
    void theSecondManagerEqualsTheFirst() {
        List<String> differences = new ArrayList<>();
        Map<Type, Set<String>> ignored = new EnumMap<>(Type.class);
        for (String tenant : TENANTS) {
            for (Type type : Type.values()) {
                Map<String, JsonNode> expected = Census.list(first.api().inTenant(tenant), type);
                Map<String, JsonNode> actual = Census.list(second.api().inTenant(tenant), type);
                if (type == Type.EXECUTIONS) {
                    // the snapshots and restores themselves are executions of the one manager or the other
                    expected.values().removeIf(GenuineArchiveE2E::isSnapshotWork);
                    actual.values().removeIf(GenuineArchiveE2E::isSnapshotWork);
                }
                String what = tenant + " " + type;
                differences.addAll(Census.differences(what, expected, actual, ignored.getOrDefault(type, Set.of())));
                differences.addAll(Census.differences(what + " (reverse)", actual, expected, Set.of()));
            }
            differences.addAll(eventDifferences(tenant));
        }
        assertThat(differences).isEmpty();
    }

    private static List<String> eventDifferences(String tenant) {
        List<String> one = eventsOf(first.api().inTenant(tenant));
        List<String> two = eventsOf(second.api().inTenant(tenant));
        List<String> missing = new ArrayList<>(one);
        two.forEach(missing::remove);
        return missing.stream()
                .map(event -> tenant + " event is missing: " + event)
                .toList();
    }

    private static List<String> eventsOf(Api api) {
        List<String> events = new ArrayList<>();
        api.items("/api/v3.1/events?_size=10000").forEach(event -> {
            if (!Set.of("create_snapshot", "restore_snapshot")
                    .contains(event.path("workflow_id").asText())) {
                events.add(event.toString());
            }
        });
        return events;
    }

    private static boolean isSnapshotWork(JsonNode execution) {
        return Set.of("create_snapshot", "restore_snapshot")
                .contains(execution.get("workflow_id").asText());
    }

    private static Map<String, JsonNode> byName(Iterable<JsonNode> items, String field) {
        Map<String, JsonNode> byName = new TreeMap<>();
        items.forEach(item -> byName.put(item.get(field).asText(), item));
        return byName;
    }

    private static Map<Type, Set<String>> notCarried() {
        Map<Type, Set<String>> fields = new EnumMap<>(Type.class);
        fields.put(Type.BLUEPRINTS, Set.of("updated_at", "upload_execution.execution_group_id"));
        fields.put(Type.DEPLOYMENTS, Set.of("updated_at", "site_name", "workflows"));
        // the source manager adds its broker's address to the agents' properties while it dumps them
        fields.put(Type.NODE_INSTANCES, Set.of("version", "runtime_properties.cloudify_agent"));
        fields.put(Type.SECRETS, Set.of("updated_at"));
        fields.put(Type.DEPLOYMENTS_FILTERS, Set.of("updated_at"));
        fields.put(Type.BLUEPRINTS_FILTERS, Set.of("updated_at"));
        fields.put(Type.EXECUTIONS, new HashSet<>());
        return fields;
    }
}
