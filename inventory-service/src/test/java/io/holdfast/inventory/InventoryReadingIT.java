package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.http.IdentitySigner;
import io.holdfast.state.StateSchemas;
import io.holdfast.state.secrets.DataKeys;
import io.holdfast.state.secrets.SecretBox;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class InventoryReadingIT {

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    @Inject
    SchedulerStandIn scheduler;

    private Rows rows;
    private Api admin;
    private Api bob;
    private Api eve;

    @BeforeEach
    void connect() throws SQLException {
        rows = new Rows(config);
        rows.clear();
        scheduler.clear();
        admin = Api.admin(signer, "t1");
        bob = Api.user(signer, "bob", "t1");
        eve = Api.user(signer, "eve", "t1");
    }

    @AfterEach
    void disconnect() throws SQLException {
        rows.close();
    }

    // --- blueprints

    @Test
    void hiddenBlueprintsAreInNoListButCanBeAskedFor() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.blueprints (tenant_name, id, is_hidden) VALUES ('t1', 'b', false), ('t1', 'h', true)");
        // when, then
        assertThat(admin.texts("/blueprints", "id")).containsExactly("b");
        assertThat(admin.texts("/blueprints?is_hidden=true", "id")).containsExactly("h");
        assertThat(admin.get("/blueprints/h").get("is_hidden").asBoolean()).isTrue();
    }

    @Test
    void aPageOfBlueprintsAsksForItsExecutionsOnceAndShowsNullsForTheMissing() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.blueprints (tenant_name, id, upload_execution_id)
                VALUES ('t1', 'a', 'e1'), ('t1', 'b', 'e2'), ('t1', 'c', NULL)""");
        scheduler.executions.put("t1/e1", (com.fasterxml.jackson.databind.node.ObjectNode)
                Api.read("{\"id\": \"e1\", \"tenant_name\": \"t1\", \"status\": \"terminated\"}"));
        // when
        JsonNode items = admin.items("/blueprints");
        // then
        assertThat(scheduler.questions).containsExactly(2);
        assertThat(items.get(0).at("/upload_execution/status").asText()).isEqualTo("terminated");
        assertThat(items.get(0).at("/upload_execution/total_operations").asInt(-1))
                .isZero();
        assertThat(items.get(1).get("upload_execution").has("workflow_id")).isTrue();
        assertThat(items.get(1).at("/upload_execution/id").isNull()).isTrue();
        assertThat(items.get(1).at("/upload_execution/total_operations").asInt(-1))
                .isZero();
        assertThat(items.get(1).at("/upload_execution/finished_operations").asInt(-1))
                .isZero();
        assertThat(items.get(2).at("/upload_execution/id").isNull()).isTrue();
    }

    @Test
    void executionsAreNotAskedForIfNotIncluded() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.blueprints (tenant_name, id, upload_execution_id) VALUES ('t1', 'a', 'e1')");
        // when
        JsonNode items = admin.items("/blueprints?_include=id");
        // then
        assertThat(items.toString()).isEqualTo("[{\"id\":\"a\"}]");
        assertThat(scheduler.questions).isEmpty();
    }

    @Test
    void aBlueprintsArchiveComesWholeWithLengthAndName() throws SQLException {
        // given
        byte[] archive = new byte[3_000_001];
        new Random(7).nextBytes(archive);
        String sha256 = rows.content(archive, 1 << 20);
        rows.execute(
                "INSERT INTO inventory.blueprints (tenant_name, id, archive_sha256, archive_name) VALUES ('t1', 'b', '"
                        + sha256 + "', 'b.tar.gz')");
        // when
        Response response = bob.response("/blueprints/b/archive");
        // then
        response.then().statusCode(200);
        assertThat(response.header("Content-Length")).isEqualTo("3000001");
        assertThat(response.header("Transfer-Encoding")).isNull();
        assertThat(response.header("Content-Disposition")).isEqualTo("attachment; filename=b.tar.gz");
        assertThat(response.asByteArray()).isEqualTo(archive);
    }

    @Test
    void aBlueprintWithoutArchiveAndNoBlueprintAreNotFound() throws SQLException {
        // given
        rows.execute("INSERT INTO inventory.blueprints (tenant_name, id) VALUES ('t1', 'b')");
        // when, then
        bob.response("/blueprints/b/archive").then().statusCode(404);
        Response response = bob.response("/blueprints/x");
        response.then().statusCode(404);
        JsonNode problem = Api.read(response.asString());
        assertThat(problem.get("error_code").asText()).isEqualTo("not_found_error");
        assertThat(problem.get("detail").asText()).isEqualTo("Requested `Blueprint` with ID `x` was not found");
    }

    // --- plugins

    @Test
    void aPluginGivesItsWagonTheWholeArchiveOrItsYaml() throws SQLException, IOException {
        // given
        byte[] wagon = Rows.bytes("wagon");
        byte[] archive = zip("p/p.wgn", wagon, "p/plugin.yaml", Rows.bytes("plugins: {}"));
        rows.execute("""
                INSERT INTO inventory.plugins (tenant_name, id, archive_name, package_name, package_version, yaml_files,
                    archive_sha256, wagon_sha256)
                VALUES ('t1', 'p', 'p.wgn', 'pack', '1.0', '["plugin.yaml"]', '%s', '%s')""".formatted(rows.content(archive, 100), rows.content(wagon, 100)));
        // when, then
        assertThat(bob.response("/plugins/p/archive").asByteArray()).isEqualTo(wagon);
        assertThat(bob.response("/plugins/p/archive?full_archive=True").asByteArray())
                .isEqualTo(archive);
        assertThat(bob.response("/plugins/p/yaml").asString()).isEqualTo("plugins: {}");
        assertThat(bob.get("/plugins/p").get("yaml_files_paths").toString()).isEqualTo("[\"plugins/p/plugin.yaml\"]");
        assertThat(bob.get("/plugins/p").get("yaml_url_path").asText()).isEqualTo("plugin:pack?version=1.0");
        assertThat(bob.texts("/plugins?_search=AC", "id")).containsExactly("p");
    }

    // --- secrets

    @Test
    void aSecretIsOpenedOnAGetAndNeverInAList() throws SQLException {
        // given
        secret("s", "swordfish", false, "bob", null);
        // when, then
        assertThat(bob.get("/secrets/s").get("value").asText()).isEqualTo("swordfish");
        assertThat(bob.get("/secrets/s?_skip_value=true").get("value").isNull()).isTrue();
        assertThat(bob.items("/secrets").get(0).has("value")).isFalse();
        assertThat(bob.response("/secrets").asString()).doesNotContain("swordfish");
    }

    @Test
    void aHiddenValueIsEmptyTextForOthersThanItsCreatorAndAdministrators() throws SQLException {
        // given
        secret("s", "topsecret", true, "bob", null);
        // when, then
        assertThat(eve.get("/secrets/s").get("value").asText()).isEmpty();
        assertThat(bob.get("/secrets/s").get("value").asText()).isEqualTo("topsecret");
        assertThat(admin.get("/secrets/s").get("value").asText()).isEqualTo("topsecret");
    }

    @Test
    void aSecretWithASchemaIsAJsonValue() throws SQLException {
        // given
        secret("s", "{\"a\": 1}", false, "bob", "{\"type\": \"object\"}");
        // when, then
        assertThat(bob.get("/secrets/s").at("/value/a").asInt()).isEqualTo(1);
    }

    @Test
    void anotherUsersPrivateSecretIsNotFound() throws SQLException {
        // given
        secret("s", "x", false, "bob", null);
        rows.execute("UPDATE inventory.secrets SET visibility = 'private'");
        // when, then
        eve.response("/secrets/s").then().statusCode(404);
        assertThat(eve.items("/secrets")).isEmpty();
        assertThat(bob.get("/secrets/s").get("private_resource").asBoolean()).isTrue();
    }

    @Test
    void aProvidersParametersAreOpenedOnAGetOnly() throws SQLException {
        // given
        String sealed = box().seal("{\"url\": \"v\"}", SecretBox.aad("secrets_providers", "t1", "vault"));
        rows.execute(
                "INSERT INTO inventory.secrets_providers (tenant_name, name, connection_parameters_enc) VALUES ('t1', 'vault', '"
                        + sealed + "')");
        // when, then
        assertThat(admin.items("/secrets-providers")
                        .get(0)
                        .get("connection_parameters")
                        .isNull())
                .isTrue();
        assertThat(admin.get("/secrets-providers/vault")
                        .at("/connection_parameters/url")
                        .asText())
                .isEqualTo("v");
    }

    // --- deployments

    @Test
    void workflowsAndTheWorkDirectoryComeOnlyWhereTheyAreAskedFor() throws SQLException {
        // given
        byte[] workdir = Rows.bytes("zip of a directory");
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id, workflows, outputs, workdir_sha256) VALUES ('t1', 'd', '"
                        + "[{\"name\": \"install\", \"plugin\": \"p\"}]', '{\"o\": 1}', '" + rows.content(workdir, 5)
                        + "')");
        // when, then
        assertThat(bob.items("/deployments").get(0).at("/workflows/0/name").isNull())
                .isTrue();
        assertThat(bob.items("/deployments?_get_data=true")
                        .get(0)
                        .at("/workflows/0/name")
                        .asText())
                .isEqualTo("install");
        JsonNode one = bob.get("/deployments/d?all_sub_deployments=True&include_workdir=False");
        assertThat(one.at("/workflows/0/name").asText()).isEqualTo("install");
        assertThat(one.get("workdir_zip").isNull()).isTrue();
        assertThat(bob.get("/deployments/d?include_workdir=True")
                        .get("workdir_zip")
                        .asText())
                .isEqualTo(Base64.getEncoder().encodeToString(workdir));
        // a zip without files: clients compare with exactly this, and write anything else to a file
        rows.execute("UPDATE inventory.deployments SET workdir_sha256 = NULL WHERE id = 'd'");
        assertThat(bob.get("/deployments/d?include_workdir=True&_include=workdir_zip")
                        .get("workdir_zip")
                        .asText())
                .isEqualTo("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==");
        assertThat(bob.get("/deployments/d/outputs").toString())
                .isEqualTo("{\"deployment_id\":\"d\",\"outputs\":{\"o\":1}}");
        assertThat(bob.get("/deployments/d/capabilities").toString())
                .isEqualTo("{\"deployment_id\":\"d\",\"capabilities\":{}}");
        assertThat(bob.get("/deployments/d/outputs?_include=outputs").toString())
                .isEqualTo("{\"outputs\":{\"o\":1}}");
        for (String part : List.of("outputs", "capabilities")) {
            Response refused = bob.response("/deployments/d/" + part + "?_include=colour");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.asString())
                    .contains(
                            "no_such_include_field_error",
                            "Include keys '['colour']' do not exist. Allowed keys are: ['deployment_id', '" + part
                                    + "']");
        }
    }

    @Test
    void theLatestExecutionsStatusIsMapped() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, latest_execution_status)
                VALUES ('t1', 'a', 'terminated'), ('t1', 'b', 'kill_cancelling'), ('t1', 'c', 'queued'), ('t1', 'd', NULL)""");
        // when, then
        assertThat(bob.texts("/deployments?_sort=id", "latest_execution_status"))
                .containsExactly("completed", "in_progress", "queued", "null");
        assertThat(bob.texts("/deployments?latest_execution_status=in_progress", "id"))
                .containsExactly("b");
    }

    @Test
    void whatIsBelowADeploymentIsCountedAndTheWorstOfItShown() throws SQLException {
        // given: an environment and a service below the root, and a service below that environment; another tenant's
        // counts for nothing
        rows.execute("""
                INSERT INTO inventory.deployments
                    (tenant_name, id, latest_execution_status, installation_status, deployment_status, sub_services_count) VALUES
                    ('t1', 'root', 'terminated', 'active', 'good', 0), ('t1', 'env', 'started', 'active', 'in_progress', 0),
                    ('t1', 'leaf', 'terminated', 'active', 'good', 0), ('t1', 'deep', 'failed', 'inactive', 'requires_attention', 0),
                    ('t1', 'left', 'terminated', 'active', 'good', 3), ('t2', 'other', 'failed', 'inactive', 'requires_attention', 0);
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES
                    ('t1', 'env', 'csys-obj-parent', 'root'), ('t1', 'env', 'csys-obj-type', 'environment'),
                    ('t1', 'leaf', 'csys-obj-parent', 'root'), ('t1', 'deep', 'csys-obj-parent', 'env'),
                    ('t2', 'other', 'csys-obj-parent', 'root')""");
        String fields =
                "sub_services_count,sub_environments_count,has_sub_deployments,sub_services_status,sub_environments_status,deployment_status";
        // when, then
        assertThat(bob.get("/deployments/root?_include=" + fields).toString())
                .isEqualTo(
                        "{\"deployment_status\":\"requires_attention\",\"sub_services_status\":\"requires_attention\","
                                + "\"sub_environments_status\":\"requires_attention\",\"sub_services_count\":2,\"sub_environments_count\":1,"
                                + "\"has_sub_deployments\":true}");
        assertThat(bob.get("/deployments/root?all_sub_deployments=False&_include=" + fields)
                        .toString())
                .isEqualTo("{\"deployment_status\":\"requires_attention\",\"sub_services_status\":\"good\","
                        + "\"sub_environments_status\":\"requires_attention\",\"sub_services_count\":1,\"sub_environments_count\":1,"
                        + "\"has_sub_deployments\":true}");
        assertThat(bob.get("/deployments/left?_include=" + fields).toString())
                .isEqualTo(
                        "{\"deployment_status\":\"good\",\"sub_services_status\":null,\"sub_environments_status\":null,"
                                + "\"sub_services_count\":0,\"sub_environments_count\":0,\"has_sub_deployments\":false}");
        assertThat(bob.texts("/deployments?_sort=id&_include=id,sub_services_count", "sub_services_count"))
                .containsExactly("0", "1", "0", "0", "2");
        assertThat(bob.texts("/deployments?sub_services_count=2&_include=id", "id"))
                .containsExactly("root");
        assertThat(bob.texts("/deployments?_sort=-sub_services_count&_sort=-id&_include=id", "id"))
                .containsExactly("root", "env", "left", "leaf", "deep");
        assertStatuses(List.of("leaf", "left"), List.of("deep", "env", "root"));
    }

    private void assertStatuses(List<String> good, List<String> requiresAttention) {
        assertThat(bob.texts("/deployments?deployment_status=good&_sort=id&_include=id", "id"))
                .isEqualTo(good);
        assertThat(bob.texts("/deployments?deployment_status=requires_attention&_sort=id&_include=id", "id"))
                .isEqualTo(requiresAttention);
        List<String> all = new ArrayList<>(good);
        all.addAll(requiresAttention);
        assertThat(bob.texts("/deployments?_sort=deployment_status&_sort=id&_include=id", "id"))
                .isEqualTo(all);
        assertThat(bob.texts("/summary/deployments?_target_field=deployment_status", "deployments"))
                .containsExactlyInAnyOrderElementsOf(Stream.of(good.size(), requiresAttention.size())
                        .filter(number -> number > 0)
                        .map(String::valueOf)
                        .toList());
        assertThat(bob.texts(
                        "/deployments?_sort=deployment_status&_sort=id&_include=id,deployment_status",
                        "deployment_status"))
                .containsExactlyElementsOf(Stream.concat(
                                good.stream().map(id -> "good"),
                                requiresAttention.stream().map(id -> "requires_attention"))
                        .toList());
    }

    @Test
    void deploymentsAreChosenByTheStatusThatTheyShowWhateverHappensBelowThem() throws SQLException {
        // given: stored before anything was below them
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, latest_execution_status, installation_status, deployment_status) VALUES
                    ('t1', 'root', 'terminated', 'active', 'good'), ('t1', 'env', 'terminated', 'active', 'good'),
                    ('t1', 'deep', 'failed', 'inactive', 'requires_attention'), ('t1', 'beside', 'terminated', 'active', 'good')""");
        assertStatuses(List.of("beside", "env", "root"), List.of("deep"));
        // when, then
        rows.execute("""
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES
                    ('t1', 'env', 'csys-obj-parent', 'root'), ('t1', 'env', 'csys-obj-type', 'environment'),
                    ('t1', 'deep', 'csys-obj-parent', 'env')""");
        assertStatuses(List.of("beside"), List.of("deep", "env", "root"));
        assertThat(bob.get("/deployments/root?all_sub_deployments=false")
                        .get("sub_environments_status")
                        .asText())
                .isEqualTo("requires_attention");
        // when it gets well
        rows.execute(
                "UPDATE inventory.deployments SET latest_execution_status = 'terminated', installation_status = 'active',"
                        + " deployment_status = 'good' WHERE id = 'deep'");
        assertStatuses(List.of("beside", "deep", "env", "root"), List.of());
        // when it fails again, and is put elsewhere
        rows.execute(
                "UPDATE inventory.deployments SET latest_execution_status = 'failed', deployment_status = 'requires_attention'"
                        + " WHERE id = 'deep'");
        assertStatuses(List.of("beside"), List.of("deep", "env", "root"));
        rows.execute("UPDATE inventory.deployment_labels SET value = 'beside' WHERE deployment_id = 'deep'");
        assertThat(bob.get("/deployments/env").get("deployment_status").asText())
                .isEqualTo("good");
        assertStatuses(List.of("env", "root"), List.of("beside", "deep"));
    }

    @Test
    void deploymentsAreChosenByGroupEnvironmentDependencyAndSearch() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, display_name) VALUES
                    ('t1', 'a', 'Alpha'), ('t1', 'b', 'Beta'), ('t1', 'c', 'Gamma'), ('t1', 'd', 'Delta');
                INSERT INTO inventory.deployment_group_members (tenant_name, deployment_group_id, deployment_id)
                    VALUES ('t1', 'g', 'a'), ('t1', 'g', 'c');
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES
                    ('t1', 'b', 'csys-obj-type', 'environment'), ('t1', 'b', 'csys-env-type', 'kubernetes'), ('t1', 'a', 'tier', '2'),
                    ('t1', 'd', 'tier', '1');
                INSERT INTO inventory.inter_deployment_dependencies (tenant_name, id, source_deployment_id, target_deployment_id)
                    VALUES ('t1', '1', 'a', 'b'), ('t1', '2', 'b', 'c'), ('t1', '3', 'c', 'a')""");
        // when, then
        assertThat(bob.texts("/deployments?_group_id=g&_include=id", "id")).containsExactly("a", "c");
        assertThat(bob.texts("/deployments?_environments_only=true&_include=id", "id"))
                .containsExactly("b");
        assertThat(bob.get("/deployments/b").get("environment_type").asText()).isEqualTo("kubernetes");
        assertThat(bob.texts("/deployments?_dependencies_of=a&_include=id", "id"))
                .containsExactly("a", "b", "c");
        assertThat(bob.texts("/deployments?_dependencies_of=none&_include=id", "id"))
                .isEmpty();
        assertThat(bob.texts("/deployments?_search=zz&_search_name=AM&_include=id", "id"))
                .containsExactly("c");
        assertThat(bob.texts("/deployments?_sort=label:tier&_include=id", "id")).containsExactly("d", "a", "b", "c");
    }

    @Test
    void dependenciesAreFollowedThroughOtherTenants() throws SQLException {
        // given: own needs the global one of t2, which needs another global one and a deployment of its tenant only
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, visibility, created_by) VALUES
                    ('t1', 'own', 'tenant', 'bob'), ('t1', 'inner', 'tenant', 'bob'), ('t1', 'hidden', 'private', 'eve'),
                    ('t2', 'shared', 'global', 'eve'), ('t2', 'base', 'global', 'eve'), ('t2', 'inner', 'tenant', 'eve');
                INSERT INTO inventory.inter_deployment_dependencies (tenant_name, id, source_deployment_id, target_deployment_id)
                    VALUES ('t1', '1', 'own', 'shared'), ('t2', '2', 'shared', 'base'), ('t2', '3', 'shared', 'inner'),
                        ('t1', '4', 'hidden', 'inner'), ('t1', '5', 'own', 'nowhere')""");
        // when, then
        assertThat(bob.texts("/deployments?_dependencies_of=own&_include=id,tenant_name&_sort=id", "id"))
                .containsExactly("base", "shared");
        assertThat(bob.texts("/deployments?_dependencies_of=shared&_include=id", "id"))
                .containsExactly("base");
        assertThat(bob.texts("/deployments?_dependencies_of=hidden&_include=id", "id"))
                .isEmpty();
        assertThat(admin.texts("/deployments?_dependencies_of=own&_all_tenants=true&_sort=id", "tenant_name"))
                .containsExactly("t2", "t2", "t2");
    }

    @Test
    void aSavedFilterHidesAndCountsWhatItsRulesLeaveOut() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, blueprint_id) VALUES
                    ('t1', 'a', 'web'), ('t1', 'b', 'web'), ('t1', 'c', 'db'), ('t1', 'd', 'web_100%');
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value)
                    VALUES ('t1', 'a', 'tier', 'gold'), ('t1', 'b', 'tier', 'tin'), ('t1', 'c', 'tier', 'gold');
                INSERT INTO inventory.deployments_filters (tenant_name, id, value) VALUES
                    ('t1', 'gold-web', '[{"type": "label", "key": "tier", "operator": "any_of", "values": ["gold", "silver"]},
                        {"type": "attribute", "key": "blueprint_id", "operator": "starts_with", "values": ["we"]}]'),
                    ('t1', 'no-tier', '[{"type": "label", "key": "tier", "operator": "is_null", "values": []}]'),
                    ('t1', 'not-gold', '[{"type": "label", "key": "tier", "operator": "is_not", "values": ["gold"]}]'),
                    ('t1', 'percent', '[{"type": "attribute", "key": "blueprint_id", "operator": "contains", "values": ["0%"]}]'),
                    ('t1', 'odd', '[{"type": "attribute", "key": "moon", "operator": "any_of", "values": ["x"]}]')""");
        // when
        JsonNode list = bob.get("/deployments?_filter_id=gold-web&_include=id");
        // then
        assertThat(list.get("items").findValuesAsText("id")).containsExactly("a");
        assertThat(list.at("/metadata/filtered").asInt()).isEqualTo(3);
        assertThat(bob.texts("/deployments?_filter_id=no-tier&_include=id", "id"))
                .containsExactly("d");
        assertThat(bob.texts("/deployments?_filter_id=not-gold&_include=id", "id"))
                .containsExactly("b", "d");
        assertThat(bob.texts("/deployments?_filter_id=percent&_include=id", "id"))
                .containsExactly("d");
        Response refused = bob.response("/deployments?_filter_id=odd");
        refused.then().statusCode(400);
        assertThat(Api.read(refused.asString()).get("error_code").asText()).isEqualTo("invalid_filter_rule");
        bob.response("/deployments?_filter_id=missing").then().statusCode(404);
    }

    @Test
    void rulesOfAFilterAreSplitByTheirType() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.blueprints_filters (tenant_name, id, value) VALUES ('t1', 'f',
                    '[{"type": "label", "key": "k"}, {"type": "attribute", "key": "a"}]')""");
        // when
        JsonNode filter = bob.get("/filters/blueprints/f");
        // then
        assertThat(filter.get("value")).hasSize(2);
        assertThat(filter.at("/labels_filter_rules").findValuesAsText("key")).containsExactly("k");
        assertThat(filter.at("/attrs_filter_rules").findValuesAsText("key")).containsExactly("a");
    }

    // --- nodes

    @Test
    void nodesInScalingGroupsArePlannedAsOftenAsTheseAre() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, scaling_groups) VALUES ('t1', 'd', 'b',
                  '{"webs": {"members": ["web"], "properties": {"planned_instances": 3}},
                    "hosts": {"members": ["vm"], "properties": {"planned_instances": 4}}}');
                INSERT INTO inventory.nodes (tenant_name, deployment_id, id, host_id, planned_number_of_instances) VALUES
                  ('t1', 'd', 'web', 'vm', 2), ('t1', 'd', 'vm', 'vm', 1), ('t1', 'd', 'alone', NULL, 5)""");
        // when, then
        for (String counts : List.of("", "&_instance_counts=True")) {
            assertThat(bob.items("/nodes?deployment_id=d&_sort=id" + counts))
                    .extracting(node -> node.get("id").asText() + " "
                            + node.get("actual_planned_number_of_instances").asInt())
                    .containsExactly("alone 5", "vm 4", "web 24");
            assertThat(bob.texts("/nodes?_sort=actual_planned_number_of_instances" + counts, "id"))
                    .containsExactly("vm", "alone", "web");
            assertThat(bob.texts("/nodes?actual_planned_number_of_instances=24" + counts, "id"))
                    .containsExactly("web");
            assertThat(bob.items("/nodes?actual_planned_number_of_instances=0" + counts))
                    .isEmpty();
        }
    }

    @Test
    void groupsWithoutAUsableNumberDoNotChangeWhatIsPlanned() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, scaling_groups) VALUES ('t1', 'd', 'b',
                  '{"none": {"members": ["n"]}, "text": {"members": ["n"], "properties": {"planned_instances": "many"}},
                    "no list": {"members": 1, "properties": {"planned_instances": 7}},
                    "zero": {"members": ["z"], "properties": {"planned_instances": 0}},
                    "one": {"members": ["n", "z"], "properties": {"planned_instances": 1999999999}},
                    "two": {"members": ["n"], "properties": {"planned_instances": 3}},
                    "huge": {"members": ["h"], "properties": {"planned_instances": 1e30}}}'),
                  ('t1', 'list', 'b', '[]');
                INSERT INTO inventory.nodes (tenant_name, deployment_id, id, planned_number_of_instances) VALUES
                  ('t1', 'd', 'n', 2), ('t1', 'd', 'z', 1), ('t1', 'd', 'h', 1), ('t1', 'list', 'l', 6)""");
        // when, then
        assertThat(bob.items("/nodes?_sort=id&_instance_counts=True"))
                .extracting(node -> node.get("id").asText() + " "
                        + node.get("actual_planned_number_of_instances").asLong())
                .containsExactly("h 9223372036854775807", "l 6", "n 11999999994", "z 0");
    }

    @Test
    void nodesCountTheirInstances() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, blueprint_id, display_name) VALUES ('t1', 'd', 'b', 'D');
                INSERT INTO inventory.nodes (tenant_name, deployment_id, id, planned_number_of_instances) VALUES ('t1', 'd', 'n', 3);
                INSERT INTO inventory.node_instances (tenant_name, id, deployment_id, node_id, has_configuration_drift, is_status_check_ok)
                VALUES ('t1', 'n_1', 'd', 'n', true, true), ('t1', 'n_2', 'd', 'n', false, false), ('t1', 'n_3', 'd', 'n', false, true),
                       ('t1', 'm_1', 'd', 'm', true, false)""");
        // when
        JsonNode node = bob.items("/nodes?deployment_id=d&id=n&_evaluate_functions=False")
                .get(0);
        // then
        assertThat(node.get("actual_number_of_instances").asInt()).isEqualTo(3);
        assertThat(node.get("drifted_instances").asInt()).isEqualTo(1);
        assertThat(node.get("unavailable_instances").asInt()).isEqualTo(1);
        assertThat(node.get("blueprint_id").asText()).isEqualTo("b");
        assertThat(node.get("deployment_display_name").asText()).isEqualTo("D");
        assertThat(node.get("actual_planned_number_of_instances").asInt()).isZero();
        assertThat(bob.items("/nodes?_instance_counts=True")
                        .get(0)
                        .get("actual_planned_number_of_instances")
                        .asInt())
                .isEqualTo(3);
        assertThat(bob.texts("/nodes?actual_planned_number_of_instances=0", "id"))
                .containsExactly("n");
        assertThat(bob.texts("/nodes?actual_planned_number_of_instances=3&_instance_counts=True", "id"))
                .containsExactly("n");
        for (String counted : List.of(
                "actual_number_of_instances",
                "actual_planned_number_of_instances",
                "drifted_instances",
                "unavailable_instances")) {
            assertThat(bob.texts("/nodes?_sort=-" + counted, "id")).containsExactly("n");
        }
        assertThat(bob.get("/deployments/d").get("drifted_instances").asInt()).isEqualTo(2);
        assertThat(bob.get("/node-instances/n_1").get("node_id").asText()).isEqualTo("n");
        assertThat(bob.texts("/node-instances?node_id=n&deployment_id=d", "id")).containsExactly("n_1", "n_2", "n_3");
    }

    @Test
    void anAgentsCredentialsComeOnlyWhereTheyAreAskedFor() throws SQLException {
        // given
        String sealed = box().seal("hare", SecretBox.aad("agents", "t1", "key-1"));
        rows.execute(
                "INSERT INTO inventory.agents (tenant_name, id, name, node_instance_id, deployment_id, node_id, rabbitmq_username,"
                        + " rabbitmq_password_enc, state) VALUES ('t1', 'key-1', 'agent_1', 'n_1', 'd', 'n', 'rabbit', '"
                        + sealed
                        + "', 'started')");
        // when, then
        JsonNode listed = bob.items("/agents?deployment_id=d&state=started").get(0);
        assertThat(listed.get("id").asText()).isEqualTo("agent_1");
        assertThat(listed.get("rabbitmq_password").isNull()).isTrue();
        assertThat(bob.items("/agents?_get_data=true")
                        .get(0)
                        .get("rabbitmq_password")
                        .asText())
                .isEqualTo("hare");
        JsonNode one = bob.get("/agents/agent_1");
        assertThat(one.get("rabbitmq_username").asText()).isEqualTo("rabbit");
        assertThat(one.get("rabbitmq_password").asText()).isEqualTo("hare");
        assertThat(one.get("node_id").asText()).isEqualTo("n");
    }

    // --- labels, workflows

    @Test
    void aPageIsAnsweredInOnePieceOfKnownLength() throws SQLException {
        // given
        rows.execute(
                "INSERT INTO inventory.deployments (tenant_name, id) SELECT 't1', 'd' || n FROM generate_series(1, 50) n");
        // when
        Response response = bob.response("/deployments");
        // then
        assertThat(response.asByteArray()).hasSizeGreaterThan(20_000);
        assertThat(response.header("Content-Length")).isEqualTo(Integer.toString(response.asByteArray().length));
    }

    @Test
    void labelsAreListedByKeyAndByValueOnceEach() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, visibility, created_by) VALUES
                    ('t1', 'a', 'tenant', 'bob'), ('t1', 'b', 'tenant', 'bob'), ('t1', 'p', 'private', 'bob'), ('t2', 'x', 'tenant', 'bob'),
                    ('t2', 'g', 'global', 'bob');
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES
                    ('t1', 'a', 'tier', 'gold'), ('t1', 'b', 'tier', 'gold'), ('t1', 'b', 'tier', 'tin'), ('t1', 'b', 'env', 'test'),
                    ('t1', 'p', 'own', 'x'), ('t2', 'x', 'far', 'y'), ('t2', 'g', 'world', 'z'), ('t2', 'g', 'tier', 'z')""");
        // when
        JsonNode keys = eve.get("/labels/deployments");
        // then
        assertThat(keys.get("items").toString()).isEqualTo("[\"env\",\"tier\",\"world\"]");
        assertThat(keys.at("/metadata/pagination/total").asInt()).isEqualTo(3);
        assertThat(eve.get("/labels/deployments?_size=1&_offset=1").get("items").toString())
                .isEqualTo("[\"tier\"]");
        assertThat(eve.get("/labels/deployments?_size=1")
                        .at("/metadata/pagination/total")
                        .asInt())
                .isEqualTo(3);
        assertThat(eve.get("/labels/deployments/tier").get("items").toString()).isEqualTo("[\"gold\",\"tin\",\"z\"]");
        assertThat(eve.get("/labels/deployments?_sort=-key").get("items").toString())
                .isEqualTo("[\"world\",\"tier\",\"env\"]");
        assertThat(eve.get("/labels/deployments?_offset=7").get("items")).isEmpty();
        assertThat(bob.get("/labels/deployments").get("items").toString())
                .isEqualTo("[\"env\",\"own\",\"tier\",\"world\"]");
        assertThat(eve.get("/labels/blueprints").get("items")).isEmpty();
        assertThat(eve.get("/labels/deployments/tier?_size=1&_offset=1"))
                .hasToString(
                        "{\"items\":[\"tin\"],\"metadata\":{\"pagination\":{\"total\":3,\"size\":1,\"offset\":1},\"filtered\":null}}");
        assertThat(eve.get("/labels/deployments/own").get("items")).isEmpty();
        assertThat(bob.get("/labels/deployments/own").get("items")).hasToString("[\"x\"]");
        assertThat(bob.get("/labels/deployments/none").get("items")).isEmpty();
    }

    @Test
    void manyValuesOfALabelAreListedAsFewAre() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, visibility) VALUES ('t1', 'a', 'tenant'), ('t1', 'b', 'tenant');
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value)
                    SELECT 't1', d, 'serial', to_char(n, 'FM0000') FROM generate_series(1, 1001) n, unnest(ARRAY['a', 'b']) d;
                INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value) VALUES ('t1', 'a', 'after', 'z')""");
        // when, then
        assertThat(eve.get("/labels/deployments/serial?_size=2&_offset=999"))
                .hasToString(
                        "{\"items\":[\"1000\",\"1001\"],\"metadata\":{\"pagination\":{\"total\":1001,\"size\":2,\"offset\":999},\"filtered\":null}}");
        rows.execute("DELETE FROM inventory.deployment_labels WHERE value = '1001'");
        assertThat(eve.get("/labels/deployments/serial?_size=2&_offset=999"))
                .hasToString(
                        "{\"items\":[\"1000\"],\"metadata\":{\"pagination\":{\"total\":1000,\"size\":2,\"offset\":999},\"filtered\":null}}");
    }

    @Test
    void workflowsOfTheChosenDeploymentsComeOnceEach() throws SQLException {
        // given
        rows.execute("""
                INSERT INTO inventory.deployments (tenant_name, id, workflows) VALUES
                    ('t1', 'a', '[{"name": "install", "plugin": "p"}, {"name": "nop"}]'), ('t1', 'b', '[{"name": "install"}]'),
                    ('t1', 'c', NULL)""");
        // when, then
        assertThat(bob.texts("/workflows", "name")).containsExactly("install", "nop");
        assertThat(bob.texts("/workflows?deployment_id=b", "name")).containsExactly("install");
        rows.execute(
                "UPDATE inventory.deployments SET display_name = 'Shop', site_name = 'oslo', runtime_only_evaluation = true WHERE id = 'a'");
        rows.execute(
                "UPDATE inventory.deployments SET installation_status = 'inactive', blueprint_id = 'bp', display_name = 'b' WHERE id = 'b'");
        for (String choice :
                List.of("display_name=Shop", "site_name=oslo", "runtime_only_evaluation=true", "id=a", "_search=a")) {
            assertThat(bob.texts("/workflows?" + choice, "name")).as(choice).containsExactly("install", "nop");
        }
        for (String choice : List.of(
                "display_name=b", "blueprint_id=bp", "site_name=oslo&id=b", "_search=B", "tenant_name=t1&id=b")) {
            assertThat(bob.texts("/workflows?" + choice, "name"))
                    .as(choice)
                    .isEqualTo(choice.startsWith("site_name") ? List.of() : List.of("install"));
        }
        assertThat(bob.texts("/workflows?_search=nop", "name")).isEmpty();
        assertThat(bob.texts("/workflows?deployment_group_id=none", "name")).isEmpty();
        assertThat(bob.get("/workflows").path("metadata"))
                .hasToString("{\"pagination\":{\"total\":2,\"size\":2,\"offset\":0}}");
        assertThat(bob.get("/workflows?_size=1&_offset=1&_sort=-name&_include=name"))
                .as("as in the product, there are no pages")
                .isEqualTo(bob.get("/workflows"));
    }

    // --- refusals

    @Test
    void callsWithoutASignedIdentityAreRefused() {
        io.restassured.RestAssured.given()
                .get("/internal/inventory/blueprints")
                .then()
                .statusCode(401);
    }

    @Test
    void everyListRefusesUnknownFilters() {
        for (String path : List.of(
                "/blueprints",
                "/deployments",
                "/deployment-groups",
                "/deployment-modifications",
                "/deployment-updates",
                "/nodes",
                "/node-instances",
                "/agents",
                "/plugins",
                "/plugins-updates",
                "/secrets",
                "/secrets-providers",
                "/sites",
                "/filters/blueprints",
                "/labels/deployments",
                "/workflows",
                "/deployments/inter-deployment-dependencies",
                "/inter-deployment-dependencies")) {
            Response response = bob.response(path + "?foo=1");
            assertThat(response.statusCode()).as(path).isEqualTo(400);
            assertThat(response.asString())
                    .as(path)
                    .contains("bad_parameters_error", "Filter keys '['foo']' do not exist.");
            assertThat(bob.get(path).at("/metadata/pagination/total").asInt())
                    .as(path)
                    .isZero();
        }
    }

    private void secret(String key, String value, boolean hidden, String creator, String schema) throws SQLException {
        String sealed = box().seal(value, SecretBox.aad("secrets", "t1", key));
        rows.execute(
                "INSERT INTO inventory.secrets (tenant_name, key, value_enc, is_hidden_value, created_by, schema) VALUES ('t1', '"
                        + key + "', '" + sealed + "', " + hidden + ", '" + creator + "', "
                        + (schema == null ? "NULL" : "'" + schema + "'") + ")");
    }

    private SecretBox box() throws SQLException {
        return new DataKeys(MasterKey.of(HoldfastResources.SECRET_KEY))
                .ensure(rows.connection(), StateSchemas.LIVE, Instant.EPOCH);
    }

    private static byte[] zip(String name, byte[] bytes, String otherName, byte[] otherBytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(bytes);
            zip.putNextEntry(new ZipEntry(otherName));
            zip.write(otherBytes);
        }
        return out.toByteArray();
    }
}
