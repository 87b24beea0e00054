package io.holdfast.restore.cloudify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.restore.cloudify.app.CloudifyStateLoader;
import io.holdfast.restore.cloudify.storage.PgKeptAccess;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.staging.StagedState;
import io.holdfast.restore.staging.storage.PgStateStaging;
import io.holdfast.state.StateMigrator;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import io.holdfast.testsupport.Fixtures;
import io.holdfast.testsupport.TestDatabase;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of the real product, loaded into staged schemas of a real database and held against the census of their source. */
class CloudifyFixturesIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-20T18:00:00Z");
    private static final MasterKey MASTER_KEY =
            MasterKey.of(Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes()));
    private static final LoadOptions SALTED = new LoadOptions(null, false, false, false, "salt123", 2);

    /** Census fields that are columns, but that the archive does not carry. */
    private static final Map<String, Set<String>> NOT_CARRIED = Map.of(
            "blueprints", Set.of("updated_at"),
            "deployments", Set.of("updated_at", "site_name", "workflows", "latest_execution_status"),
            "deployments_filters", Set.of("updated_at"),
            "blueprints_filters", Set.of("updated_at"),
            "secrets", Set.of("updated_at"),
            "node_instances", Set.of("version"),
            "schedules", Set.of("next_occurrence"));

    @TempDir
    Path folder;

    private TestDatabase database;

    @BeforeEach
    void liveManager() throws SQLException {
        database = TestDatabase.copyOf(
                "the live state",
                empty -> new StateMigrator(empty.url(), empty.username(), empty.password()).migrateLive());
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO access.users (username, password_hash, password_salt, role, is_bootstrap_admin)"
                            + " VALUES ('admin', 'hash-of-here', 'salt-of-here', 'sys_admin', true)");
            statement.execute("INSERT INTO access.permissions (role, permission) VALUES ('user', 'only_here')");
        }
    }

    @AfterEach
    void dropDatabase() {
        database.drop();
    }

    @Test
    void everythingThatAGenuineArchiveCarriesComesBack() throws Exception {
        // given
        Path archive = Fixtures.require("real_7x_flat_easy.zip");
        JsonNode census = JSON.readTree(
                Fixtures.require("real_7x_flat_easy.source-census.json").toFile());
        // when
        StagedState staged = stage(archive, SALTED);
        // then
        List<String> differences = new ArrayList<>();
        census.get("per_tenant")
                .properties()
                .forEach(tenant -> compare(tenant.getKey(), tenant.getValue(), differences));
        assertThat(differences).isEmpty();
        assertThat(staged.report().createExecutionId()).isEqualTo("d44d1429-b20a-4239-af29-2e0f64c6ed69");
        assertThat(staged.report().snapshotCreatedAt()).isEqualTo(Instant.parse("2026-11-20T17:32:44.602Z"));
        assertThat(staged.report().warnings())
                .as("the shared plugin is a guess, the administrator is this manager's")
                .hasSize(2)
                .anyMatch(warning ->
                        warning.contains("08d688e9-916e-4a9d-8ffd-9711de866f16") && warning.contains("given to shared"))
                .anyMatch(warning -> warning.contains("administrator admin"));
    }

    @Test
    void everyPermissionUserAndGroupOfAGenuineArchiveComesBack() throws Exception {
        // given
        Path archive = Fixtures.require("real_7x_flat_easy.zip");
        JsonNode census = JSON.readTree(
                Fixtures.require("real_7x_flat_easy.source-census.json").toFile());
        // when
        stage(archive, SALTED);
        // then
        assertThat(strings("SELECT role || ':' || permission FROM access_restoring.permissions"))
                .hasSize(845 + 1)
                .doesNotHaveDuplicates()
                .contains("user:only_here");
        assertThat(strings("SELECT name FROM access_restoring.tenants"))
                .containsExactlyInAnyOrderElementsOf(texts(census.get("tenants")));
        assertThat(strings("SELECT username || ' ' || role || ' ' || to_char(created_at AT TIME ZONE 'UTC',"
                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') || ' ' || password_salt FROM access_restoring.users"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(census.get("users"))
                        .flatMap(users -> stream(users))
                        .map(user -> user.get("username").asText() + " "
                                + user.get("role").asText() + " "
                                + user.get("created_at").asText() + " "
                                + (user.get("username").asText().equals("admin") ? "salt-of-here" : "salt123"))
                        .toList());
        assertThat(strings("SELECT username || ' ' || tenant_name || ' ' || role FROM access_restoring.user_tenants"))
                .containsExactlyInAnyOrder(
                        "admin default_tenant user", "alice shared user", "alice default_tenant viewer");
        assertThat(strings("SELECT group_name || ' ' || username FROM access_restoring.user_group_members"))
                .containsExactly("other bob");
        assertThat(strings(
                        "SELECT group_name || ' ' || tenant_name || ' ' || role FROM access_restoring.group_tenants"))
                .containsExactly("other other manager");
        assertThat(strings("SELECT name FROM access_restoring.roles"))
                .contains("sys_admin", "default", "manager", "user", "operations", "viewer");
    }

    @Test
    void secretsOfAGenuineArchiveOpenAndItsUploadsAreWhole() throws Exception {
        // given
        Path archive = Fixtures.require("real_7x_flat_easy.zip");
        // when
        stage(archive, SALTED);
        // then
        try (Connection connection = database.connect()) {
            SecretBox box = new DataKeys(MASTER_KEY)
                    .box(connection, StateSchemas.STAGING)
                    .orElseThrow();
            List<String> opened = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT tenant_name, key, value_enc FROM inventory_restoring.secrets ORDER BY key")) {
                while (row.next()) {
                    opened.add(row.getString(1) + " " + row.getString(2) + " "
                            + box.open(row.getString(3), SecretBox.aad("secrets", row.getString(1), row.getString(2))));
                }
            }
            assertThat(opened)
                    .containsExactlyInAnyOrder(
                            "default_tenant hidden topsecret",
                            "other mine x",
                            "default_tenant obj {\"a\": 1}",
                            "default_tenant pw swordfish",
                            "shared shared_key k");
        }
        assertThat(strings("SELECT b.tenant_name || ' ' || b.archive_name || ' ' || c.size_bytes"
                        + " FROM inventory_restoring.blueprints b"
                        + " JOIN inventory_restoring.content c ON c.sha256 = b.archive_sha256"))
                .containsExactlyInAnyOrder(
                        "default_tenant bp1.tar.gz 640",
                        "default_tenant bp2.tar.gz 640",
                        "shared common_bp.tar.gz 640",
                        "other bp1.tar.gz 640");
        assertThat(strings("SELECT p.package_name || ' ' || a.size_bytes || ' ' || w.size_bytes"
                        + " FROM inventory_restoring.plugins p"
                        + " JOIN inventory_restoring.content a ON a.sha256 = p.archive_sha256"
                        + " JOIN inventory_restoring.content w ON w.sha256 = p.wagon_sha256"))
                .containsExactlyInAnyOrder("test-plugin 782 853", "shared-plugin 791 873");
        assertThat(strings("SELECT path FROM inventory_restoring.ui_data")).hasSize(13);
    }

    @Test
    void theInconsistentArchiveWithDirectoriesComesBackAsFarAsItCarries() throws Exception {
        // given
        Path archive = zip(Fixtures.require("snapshot_contents"));
        // when
        StagedState staged = stage(archive, LoadOptions.DEFAULTS);
        // then
        assertThat(staged.report().rows())
                .containsAllEntriesOf(Map.ofEntries(
                        Map.entry("access.tenants", 3L),
                        Map.entry("access.users", 3L),
                        Map.entry("access.user_groups", 1L),
                        Map.entry("access.user_group_members", 1L),
                        Map.entry("access.permissions", 5L + 1),
                        Map.entry("inventory.sites", 3L),
                        Map.entry("inventory.plugins", 3L),
                        Map.entry("inventory.secrets", 2L),
                        Map.entry("inventory.secrets_providers", 1L),
                        Map.entry("inventory.blueprints", 4L),
                        Map.entry("inventory.blueprint_labels", 6L),
                        Map.entry("inventory.deployments", 2L),
                        Map.entry("inventory.deployment_groups", 2L),
                        Map.entry("inventory.nodes", 2L),
                        Map.entry("inventory.node_instances", 2L),
                        Map.entry("inventory.agents", 1L),
                        Map.entry("inventory.inter_deployment_dependencies", 2L),
                        Map.entry("inventory.deployment_updates", 1L),
                        Map.entry("inventory.plugins_updates", 1L),
                        Map.entry("inventory.deployments_filters", 1L),
                        Map.entry("inventory.blueprints_filters", 1L),
                        Map.entry("scheduler.executions", 3L),
                        Map.entry("scheduler.execution_groups", 2L),
                        Map.entry("scheduler.events", 3L + 2L + 4L),
                        Map.entry("scheduler.tasks_graphs", 2L),
                        Map.entry("scheduler.operations", 2L),
                        Map.entry("scheduler.execution_schedules", 1L)));
        assertThat(staged.report().warnings())
                .anyMatch(warning -> warning.contains("plugins without an archive") && warning.contains("(3)"))
                .anyMatch(warning -> warning.contains("blueprints without an archive") && warning.contains("(4)"))
                .anyMatch(warning -> warning.contains("work directory of deployments fakeclouddeps-123"))
                .anyMatch(warning -> warning.contains("hash_salt") && warning.contains("other, ontenant"));
        assertThat(strings("SELECT tenant_name || ' ' || name FROM inventory_restoring.sites"))
                .containsExactlyInAnyOrder("default_tenant defaultsite", "shared sharedsite", "other othersite");
        assertThat(strings(
                        "SELECT upload_execution_id FROM inventory_restoring.blueprints WHERE id = 'shared_provider'"))
                .containsExactly("bdc6780d-836b-4d4c-9586-dafef3d0ef67");
        assertThat(strings("SELECT node_id || ' ' || deployment_id FROM inventory_restoring.agents"))
                .containsExactly("vm shared_provider");
    }

    @Test
    void thePartialArchiveComesBackAsFarAsItCarries() throws Exception {
        // given
        Path archive = zip(Fixtures.require("partial_snapshot_contents"));
        // when
        StagedState staged = stage(archive, LoadOptions.DEFAULTS);
        // then
        assertThat(strings("SELECT name FROM access_restoring.tenants"))
                .containsExactlyInAnyOrder("arbitrary", "anothertenant", "default_tenant");
        assertThat(strings("SELECT username || ' ' || password_hash FROM access_restoring.users"))
                .containsExactly("admin hash-of-here");
        assertThat(staged.report().rows())
                .containsEntry("scheduler.executions", 1L)
                .containsEntry("scheduler.tasks_graphs", 2L)
                .containsEntry("scheduler.operations", 1L)
                .containsEntry("inventory.ui_data", 2L);
        assertThat(staged.report().warnings())
                .anyMatch(warning -> warning.contains("anothertenant"))
                .anyMatch(warning -> warning.contains("tasks graphs of executions"));
    }

    // ------------------------------------------------------------------------------------------------------------
    // census

    private void compare(String tenant, JsonNode census, List<String> differences) {
        try {
            rows(tenant, census, "agents", "inventory.agents", differences, "id");
            rows(tenant, census, "blueprints", "inventory.blueprints", differences, "id");
            rows(tenant, census, "blueprints_filters", "inventory.blueprints_filters", differences, "id");
            rows(tenant, census, "deployment_groups", "inventory.deployment_groups", differences, "id");
            rows(tenant, census, "deployment_updates", "inventory.deployment_updates", differences, "id");
            rows(tenant, census, "deployments", "inventory.deployments", differences, "id");
            rows(tenant, census, "deployments_filters", "inventory.deployments_filters", differences, "id");
            rows(tenant, census, "execution_groups", "scheduler.execution_groups", differences, "id");
            rows(tenant, census, "executions", "scheduler.executions", differences, "id");
            rows(tenant, census, "idd", "inventory.inter_deployment_dependencies", differences, "id");
            rows(tenant, census, "node_instances", "inventory.node_instances", differences, "id");
            rows(tenant, census, "nodes", "inventory.nodes", differences, "deployment_id", "id");
            rows(tenant, census, "plugins", "inventory.plugins", differences, "id");
            rows(tenant, census, "plugins_updates", "inventory.plugins_updates", differences, "id");
            rows(tenant, census, "schedules", "scheduler.execution_schedules", differences, "deployment_id", "id");
            rows(tenant, census, "secrets", "inventory.secrets", differences, "key");
            rows(tenant, census, "sites", "inventory.sites", differences, "name");
            counts(tenant, census, differences);
        } catch (SQLException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Compares each field of the census that is a column, the number of rows, and labels. */
    private void rows(
            String tenant, JsonNode census, String type, String table, List<String> differences, String... key)
            throws SQLException, IOException {
        Map<String, ObjectNode> there = new TreeMap<>();
        String schemaAndTable = table.replace(".", "_restoring.");
        for (String row :
                strings("SELECT to_jsonb(t) FROM " + schemaAndTable + " t WHERE tenant_name = '" + tenant + "'")) {
            ObjectNode node = (ObjectNode) JSON.readTree(row);
            there.put(keyOf(node, key), node);
        }
        Map<String, JsonNode> expected = new TreeMap<>();
        for (JsonNode item : census.path(type)) {
            if (item.path("tenant_name").asText(tenant).equals(tenant)) {
                expected.put(keyOf(renamed(type, item), key), renamed(type, item));
            }
        }
        Set<String> surplus = new TreeSet<>(there.keySet());
        surplus.removeAll(expected.keySet());
        surplus.remove("d44d1429-b20a-4239-af29-2e0f64c6ed69");
        surplus.forEach(one -> differences.add(tenant + " " + type + " " + one + " is too many"));
        expected.forEach((one, item) -> {
            ObjectNode row = there.get(one);
            if (row == null) {
                differences.add(tenant + " " + type + " " + one + " is missing");
                return;
            }
            item.properties().forEach(field -> {
                if (row.has(field.getKey())
                        && !NOT_CARRIED.getOrDefault(type, Set.of()).contains(field.getKey())
                        && !normal(field.getValue()).equals(normal(row.get(field.getKey())))) {
                    differences.add(tenant + " " + type + " " + one + ": " + field.getKey() + " is "
                            + row.get(field.getKey()) + ", expected " + field.getValue());
                }
            });
            labels(tenant, type, one, item, differences);
        });
    }

    private void labels(String tenant, String type, String id, JsonNode item, List<String> differences) {
        Map<String, String> tables = Map.of(
                "blueprints", "blueprint",
                "deployments", "deployment",
                "deployment_groups", "deployment_group");
        if (tables.containsKey(type)) {
            Set<String> expected = new TreeSet<>();
            item.get("labels")
                    .forEach(label -> expected.add(label.get("key").asText() + "="
                            + label.get("value").asText() + " "
                            + label.get("created_by").asText() + " "
                            + label.get("created_at").asText()));
            String what = tables.get(type);
            Set<String> there = new TreeSet<>(uncheckedStrings(
                    "SELECT key || '=' || value || ' ' || created_by || ' ' || to_char(created_at AT TIME ZONE 'UTC',"
                            + " 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') FROM inventory_restoring." + what + "_labels"
                            + " WHERE tenant_name = '" + tenant + "' AND " + what + "_id = '" + id + "'"));
            if (!there.equals(expected)) {
                differences.add(tenant + " " + type + " " + id + ": labels are " + there + ", expected " + expected);
            }
        }
    }

    /** The census' names for links, as the columns call them. */
    private static JsonNode renamed(String type, JsonNode item) {
        ObjectNode copy = item.deepCopy();
        switch (type) {
            case "agents" -> {
                copy.set("deployment_id", item.get("deployment"));
                copy.set("node_id", item.get("node"));
            }
            case "deployments" -> {
                copy.set("create_execution_id", item.get("create_execution"));
                copy.set("latest_execution_id", item.get("latest_execution"));
            }
            case "blueprints" ->
                copy.set("upload_execution_id", item.path("upload_execution").get("id"));
            case "plugins" -> {
                var names = JSON.createArrayNode();
                item.get("yaml_files_paths")
                        .forEach(path -> names.add(path.asText().replaceFirst(".*/", "")));
                copy.set("yaml_files", names);
            }
            case "node_instances" -> {
                // the source manager adds these to the archive only
                JsonNode agent = copy.path("runtime_properties").path("cloudify_agent");
                if (agent instanceof ObjectNode properties) {
                    properties.put("broker_ssl_enabled", true);
                    properties.put("broker_ssl_cert", "added");
                }
            }
            default -> {}
        }
        return copy;
    }

    private static JsonNode normal(JsonNode value) {
        if (value.isTextual() && value.asText().matches("\\d{4}-\\d\\d-\\d\\dT.*")) {
            return new TextNode(OffsetDateTime.parse(value.asText()).toInstant().toString());
        }
        if (value.isNumber()) {
            return new DoubleNode(value.asDouble());
        }
        if (value.isObject()) {
            ObjectNode copy = JSON.createObjectNode();
            value.properties()
                    .forEach(field -> copy.set(
                            field.getKey(),
                            field.getKey().equals("broker_ssl_cert")
                                    ? new TextNode("added")
                                    : normal(field.getValue())));
            return copy;
        }
        if (value.isArray()) {
            var copy = JSON.createArrayNode();
            value.forEach(element -> copy.add(normal(element)));
            return copy;
        }
        return value;
    }

    private void counts(String tenant, JsonNode census, List<String> differences) {
        census.path("events").properties().forEach(execution -> {
            String sql = "SELECT count(*) FROM scheduler_restoring.events WHERE tenant_name = '" + tenant
                    + "' AND execution_id = '" + execution.getKey() + "'";
            String found = uncheckedStrings(sql).get(0);
            if (!found.equals(execution.getValue().asText())) {
                differences.add(tenant + " events of " + execution.getKey() + " are " + found + ", expected "
                        + execution.getValue());
            }
        });
        census.path("graphs").properties().forEach(execution -> {
            List<String> found =
                    uncheckedStrings("SELECT id FROM scheduler_restoring.tasks_graphs WHERE tenant_name = '" + tenant
                            + "' AND execution_id = '" + execution.getKey() + "'");
            if (!found.equals(texts(execution.getValue()))) {
                differences.add(tenant + " graphs of " + execution.getKey() + " are " + found);
            }
        });
        for (JsonNode deployment : census.path("deployments")) {
            List<String> groups = uncheckedStrings("SELECT deployment_group_id FROM"
                    + " inventory_restoring.deployment_group_members WHERE tenant_name = '" + tenant
                    + "' AND deployment_id = '" + deployment.get("id").asText() + "'");
            if (!groups.equals(texts(deployment.get("deployment_groups")))) {
                differences.add(tenant + " " + deployment.get("id") + " is in groups " + groups);
            }
        }
    }

    // -----------------------------------------------------------------------------------------------------------
    // helpers

    private StagedState stage(Path archive, LoadOptions options) {
        PgStateStaging staging = new PgStateStaging(
                new OwnerDatabase(database.url(), database.username(), database.password()),
                MASTER_KEY,
                List.of(new CloudifyStateLoader(new PgKeptAccess())),
                () -> NOW);
        return staging.stage("restore-1", archive, options, Progress.NONE, phase -> {});
    }

    private Path zip(Path directory) throws IOException {
        Path zip = folder.resolve("archive.zip");
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file);
                Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(directory.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
        return zip;
    }

    private List<String> strings(String sql) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            List<String> all = new ArrayList<>();
            while (row.next()) {
                all.add(row.getString(1));
            }
            return all;
        }
    }

    private List<String> uncheckedStrings(String sql) {
        try {
            return strings(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static String keyOf(JsonNode item, String... key) {
        List<String> parts = new ArrayList<>();
        for (String field : key) {
            parts.add(item.path(field).asText());
        }
        return String.join("/", parts);
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        List<JsonNode> all = new ArrayList<>();
        list.forEach(all::add);
        return all.stream();
    }

    private static List<String> texts(JsonNode list) {
        return stream(list).map(JsonNode::asText).toList();
    }
}
