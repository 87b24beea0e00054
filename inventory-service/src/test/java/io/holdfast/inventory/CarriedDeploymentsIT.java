package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deployments that come from elsewhere as they were, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class CarriedDeploymentsIT extends WritesCase {

    private static final String OLD = "2020-01-01T00:00:00.000Z";

    @BeforeEach
    void fill() {
        upload("b", """
            tosca_definitions_version: cloudify_dsl_1_4
            node_types: {t: {}}
            inputs: {needed: {}}
            node_templates: {web: {type: t}}
            """);
    }

    private static String zip(String... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String file : files) {
                zip.putNextEntry(new ZipEntry(file));
                zip.write(file.getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static ObjectNode deployment(String workDirectory) {
        return ((ObjectNode) Api.read("""
                        {"blueprint_id": "b", "visibility": "tenant", "display_name": "Old one", "description": "d",
                         "inputs": {"needed": 5}, "outputs": {"o": {"value": {"get_input": "needed"}}}, "capabilities": {"c": {"value": 1}},
                         "groups": {"g": {"members": ["web"]}}, "scaling_groups": {}, "policy_types": {}, "policy_triggers": {},
                         "resource_tags": {"team": "a"},
                         "workflows": {"nop": {"plugin": "p", "operation": "m.f", "parameters": {"a": {"default": 1}}}},
                         "labels": [{"key": "env", "value": "old", "created_by": "eve", "created_at": "2019-01-01T00:00:00.000Z"},
                                    {"key": "csys-obj-parent", "value": "later"}],
                         "installation_status": "active", "deployment_status": "good",
                         "sub_services_status": null, "sub_environments_status": "good",
                         "sub_services_count": 0, "sub_environments_count": 3,
                         "created_by": "eve", "created_at": "2020-01-01T00:00:00.000Z"}""")).put("workdir_zip", workDirectory);
    }

    private long contents() throws SQLException {
        try (Statement statement = rows.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM inventory.content")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void aDeploymentIsTakenOverAsItWas() throws IOException, SQLException {
        // given
        String zip = zip("a.txt", "sub/b.txt");
        long before = contents();
        // when
        JsonNode made =
                done(admin.sendJson("PUT", "/deployments/old", deployment(zip).toString()), 201);
        // then
        assertThat(made.get("created_at").asText()).isEqualTo(OLD);
        assertThat(made.get("created_by").asText()).isEqualTo("eve");
        assertThat(made.get("display_name").asText()).isEqualTo("Old one");
        assertThat(made.get("installation_status").asText()).isEqualTo("active");
        assertThat(made.get("deployment_status").asText()).isEqualTo("good");
        assertThat(made.get("create_execution").isNull()).isTrue();
        assertThat(made.get("latest_execution").isNull()).isTrue();
        JsonNode shown = admin.get("/deployments/old?include_workdir=True");
        assertThat(shown.get("workdir_zip").asText()).isEqualTo(zip);
        assertThat(shown.get("description").asText()).isEqualTo("d");
        assertThat(shown.get("inputs")).isEqualTo(Api.read("{\"needed\": 5}"));
        assertThat(shown.get("resource_tags")).isEqualTo(Api.read("{\"team\": \"a\"}"));
        assertThat(shown.at("/groups/g/members/0").asText()).isEqualTo("web");
        assertThat(shown.at("/workflows/0/name").asText()).isEqualTo("nop");
        assertThat(shown.at("/workflows/0/parameters/a/default").asInt()).isEqualTo(1);
        assertThat(shown.get("sub_environments_count").asInt()).isZero();
        for (JsonNode label : shown.get("labels")) {
            boolean own = label.get("key").asText().equals("env");
            assertThat(label.get("created_by").asText()).isEqualTo("eve");
            assertThat(label.get("created_at").asText()).isEqualTo(own ? "2019-01-01T00:00:00.000Z" : OLD);
        }
        assertThat(shown.get("labels")).hasSize(2);
        assertThat(admin.items("/nodes?deployment_id=old")).isEmpty();
        assertThat(admin.get("/deployments/old/outputs").at("/outputs/o").asInt())
                .isEqualTo(5);
        assertThat(contents()).isEqualTo(before + 1);
        // when: it goes
        done(admin.sendJson("DELETE", "/deployments/old", null), 204);
        // then: so does its work directory
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void anEmptyWorkDirectoryIsNotKept() throws IOException, SQLException {
        long before = contents();
        done(
                admin.sendJson(
                        "PUT",
                        "/deployments/old",
                        "{\"blueprint_id\": \"b\", \"workdir_zip\": \"" + zip() + "\", \"workflows\": null}"),
                201);
        JsonNode shown = admin.get("/deployments/old");
        assertThat(shown.get("display_name").asText()).isEqualTo("old");
        assertThat(shown.get("installation_status").asText()).isEqualTo("inactive");
        assertThat(shown.get("deployment_status").asText()).isEqualTo("requires_attention");
        assertThat(shown.get("created_by").asText()).isEqualTo("admin");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void whatIsWrongIsRefusedWhole() throws IOException, SQLException {
        // given
        long before = contents();
        String zip = zip("a.txt");
        record Wrong(String field, String value, int status, String code, String text) {}
        // when, then
        for (Wrong wrong : List.of(
                new Wrong(
                        "workdir_zip",
                        "\"aGFsbG8=\"",
                        400,
                        "bad_parameters_error",
                        "workdir_zip is no zip file in Base64"),
                new Wrong("workdir_zip", "\"a\"", 400, "bad_parameters_error", "workdir_zip is no zip file in Base64"),
                new Wrong(
                        "workdir_zip",
                        "5",
                        400,
                        "bad_parameters_error",
                        "workdir_zip parameter is expected to be of type str"),
                new Wrong(
                        "groups", "[]", 400, "bad_parameters_error", "groups parameter is expected to be of type dict"),
                new Wrong("workflows", "5", 400, "bad_parameters_error", "workflows"),
                new Wrong("description", "5", 400, "bad_parameters_error", "description parameter is expected"),
                new Wrong(
                        "sub_services_count",
                        "\"5\"",
                        400,
                        "bad_parameters_error",
                        "sub_services_count parameter is expected"),
                new Wrong(
                        "sub_services_status",
                        "5",
                        400,
                        "bad_parameters_error",
                        "sub_services_status parameter is expected"),
                new Wrong("deployment_status", "\"fine\"", 409, "storage_error", "deployment_status `fine`"),
                new Wrong("installation_status", "\"fine\"", 409, "storage_error", "installation_status `fine`"),
                new Wrong("blueprint_id", "\"none\"", 404, "not_found_error", "Requested `Blueprint` with ID `none`"),
                new Wrong("created_by", "\"nobody\"", 400, "bad_parameters_error", "User nobody does not exist."),
                new Wrong(
                        "labels",
                        "[{\"a\": \"b\"}, {\"key\": \"a\", \"value\": \"b\"}]",
                        400,
                        "bad_parameters_error",
                        "same label twice"),
                new Wrong(
                        "labels",
                        "[{\"key\": \"a\", \"value\": \"b\", \"created_by\": \"nobody\"}]",
                        400,
                        "bad_parameters_error",
                        "User nobody does not exist."),
                new Wrong("labels", "[{\"csys-obj-parent\": \"old\"}]", 409, "conflict_error", "cyclic"))) {
            ObjectNode body = deployment(zip);
            body.set(wrong.field(), Api.read(wrong.value()));
            refused(
                    admin.sendJson("PUT", "/deployments/old", body.toString()),
                    wrong.status(),
                    wrong.code(),
                    wrong.text());
        }
        refused(
                bob.sendJson("PUT", "/deployments/old", deployment(zip).toString()),
                403,
                "forbidden_error",
                "set_owner");
        ObjectNode labelled = deployment(zip).without(List.of("created_by", "created_at"));
        refused(bob.sendJson("PUT", "/deployments/old", labelled.toString()), 403, "forbidden_error", "set_owner");
        assertThat(admin.items("/deployments")).isEmpty();
        assertThat(contents()).isEqualTo(before);
        // then: neither twice, nor in a circle
        done(admin.sendJson("PUT", "/deployments/old", deployment(zip).toString()), 201);
        refused(
                admin.sendJson("PUT", "/deployments/old", deployment(zip).toString()),
                409,
                "conflict_error",
                "already exists");
        ObjectNode later = deployment(zip);
        later.set("labels", Api.read("[{\"csys-obj-parent\": \"old\"}]"));
        refused(admin.sendJson("PUT", "/deployments/later", later.toString()), 409, "conflict_error", "cyclic");
    }
}
