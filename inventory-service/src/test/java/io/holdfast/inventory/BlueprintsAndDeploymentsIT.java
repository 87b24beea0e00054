package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.http.IdentitySigner;
import io.holdfast.inventory.blueprints.app.ResumeUploads;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uploads of blueprints and what deployments become of them, on the running service. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class BlueprintsAndDeploymentsIT {

    private static final String SMALL = """
            tosca_definitions_version: cloudify_dsl_1_4
            description: small
            plugins: {noop: {executor: central_deployment_agent, install: false}}
            node_types: {my.Root: {properties: {greeting: {default: hello}}}, my.Server: {derived_from: my.Root}}
            relationships: {uses: {properties: {connection_type: {default: all_to_all}}}}
            inputs: {name: {type: string, default: world, constraints: [{max_length: 5}]}, size: {type: integer}}
            node_templates:
              net: {type: my.Root}
              srv:
                type: my.Server
                properties: {greeting: {get_input: name}}
                capabilities: {scalable: {properties: {default_instances: 2}}}
                relationships: [{type: uses, target: net}]
            outputs: {who: {value: {get_input: name}}}
            capabilities: {cap: {value: {get_property: [srv, greeting]}}}
            labels: {env: {values: [test]}}
            blueprint_labels: {team: {values: [red]}}
            workflows: {nop: {mapping: noop.nop, parameters: {a: {default: 1}}}}
            """;

    @Inject
    IdentitySigner signer;

    @Inject
    Config config;

    @Inject
    SchedulerStandIn scheduler;

    @Inject
    ResumeUploads resume;

    private Rows rows;
    private Api admin;
    private Api bob;

    @BeforeEach
    void connect() throws SQLException {
        rows = new Rows(config);
        rows.clear();
        scheduler.clear();
        admin = Api.admin(signer, "t1");
        bob = Api.user(signer, "bob", "t1");
    }

    @AfterEach
    void disconnect() throws SQLException {
        rows.close();
    }

    // --- archives

    private static byte[] tar(Map<String, String> files, String compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream out = compression.equals("gz")
                ? new GzipCompressorOutputStream(bytes)
                : compression.equals("bz2") ? new BZip2CompressorOutputStream(bytes) : bytes;
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] tarGz(String blueprint) throws IOException {
        return tar(Map.of("bp/blueprint.yaml", blueprint), "gz");
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putArchiveEntry(new ZipArchiveEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static Response upload(Api api, String id, String query, byte[] body) {
        return api.send(
                "PUT",
                "/blueprints/" + id + query,
                request -> request.contentType("application/json").body(body));
    }

    private static Response form(Api api, String path, String params, byte[] archive) {
        return api.send(
                "PUT",
                path,
                request ->
                        request.multiPart("params", params).multiPart("blueprint_archive", "archive.tar.gz", archive));
    }

    private static void refused(Response response, int status, String code, String message) {
        JsonNode body = Api.read(response.asString());
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(body.path("error_code").asText()).isEqualTo(code);
        assertThat(body.path("detail").asText()).contains(message);
    }

    // --- upload

    @Test
    void labelsInTheQueryAreTextWithEscapes() throws IOException {
        // when
        Response response = upload(
                admin,
                "lq",
                "?application_file_name=app.yaml&labels="
                        + URLEncoder.encode("Env=x,sum=1+1\\=2\\,3", StandardCharsets.UTF_8),
                tar(Map.of("bp/app.yaml", SMALL), "gz"));
        // then
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
        assertThat(Api.read(response.asString()).get("labels").toString())
                .contains("\"env\"", "\"x\"", "\"sum\"", "\"1+1=2,3\"");
        refused(
                upload(
                        admin,
                        "lr",
                        "?application_file_name=app.yaml&labels=env",
                        tar(Map.of("bp/app.yaml", SMALL), "gz")),
                400,
                "bad_parameters_error",
                "the label `env` is not of the form key=value");
        assertThat(admin.send("GET", "/blueprints/lr", request -> request).statusCode())
                .isEqualTo(404);
    }

    @Test
    void clientsFormUploadsParsesAndLabels() throws IOException {
        // when
        Response response = form(
                bob,
                "/blueprints/b1",
                "{\"visibility\": \"private\", \"application_file_name\": \"my%20app.yaml\", \"labels\": [{\"Env\": \"x\"}]}",
                tar(Map.of("bp/my app.yaml", SMALL), "gz"));
        // then
        JsonNode blueprint = Api.read(response.asString());
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
        assertThat(blueprint.get("state").asText()).isEqualTo("uploaded");
        assertThat(blueprint.get("error").isNull()).isTrue();
        assertThat(blueprint.get("visibility").asText()).isEqualTo("private");
        assertThat(blueprint.get("main_file_name").asText()).isEqualTo("my app.yaml");
        assertThat(blueprint.get("created_by").asText()).isEqualTo("bob");
        assertThat(blueprint.get("labels").findValuesAsText("key")).containsExactly("env", "team");
        assertThat(blueprint.at("/plan/nodes/1/type_hierarchy/0").asText()).isEqualTo("my.Root");
        assertThat(blueprint.at("/upload_execution/status").asText()).isEqualTo("terminated");
        assertThat(blueprint.at("/upload_execution/workflow_id").asText()).isEqualTo("upload_blueprint");
        assertThat(blueprint.at("/upload_execution/parameters/labels"))
                .isEqualTo(Api.read("[{\"key\": \"env\", \"value\": \"x\"}]"));
        // and: of the end the scheduler itself has an event
        assertThat(scheduler.lines)
                .containsExactly(
                        "Starting 'upload_blueprint' workflow execution",
                        "Blueprint archive uploaded. Extracting...",
                        "Blueprint archive extracted. Parsing...",
                        "Blueprint parsed. Updating DB with blueprint plan.");
    }

    @Test
    void workflowsAreAvailableAsTheNodeInstancesAre() throws IOException {
        // given
        String rules = """
                  begin: {mapping: noop.a, availability_rules: {node_instances_active: [none, partial]}}
                  end: {mapping: noop.b, availability_rules: {node_instances_active: [all, partial]}}
                  serve: {mapping: noop.c, availability_rules: {node_types_required: [my.Root]}}
                  compute: {mapping: noop.d, availability_rules: {node_types_required: [my.Other]}}
                  never: {mapping: noop.e, availability_rules: {available: false}}
                """;
        String blueprint = SMALL.replace("node_types: {", "node_types: {my.Other: {}, ")
                .replace(
                        "workflows: {nop: {mapping: noop.nop, parameters: {a: {default: 1}}}}",
                        "workflows:\n  nop: {mapping: noop.nop}\n" + rules.stripTrailing());
        assertThat(upload(admin, "b", "", tarGz(blueprint)).statusCode()).isEqualTo(201);
        assertThat(deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}")
                        .statusCode())
                .isEqualTo(201);
        // when, then
        assertThat(available("d")).containsExactlyInAnyOrder("nop", "begin", "serve");
        for (String instance : admin.texts("/node-instances?deployment_id=d&node_id=net", "id")) {
            assertThat(state(instance, "started").statusCode()).isEqualTo(200);
        }
        assertThat(available("d")).containsExactlyInAnyOrder("nop", "begin", "end", "serve");
        for (String instance : admin.texts("/node-instances?deployment_id=d", "id")) {
            assertThat(state(instance, "started").statusCode()).isEqualTo(200);
        }
        assertThat(available("d")).containsExactlyInAnyOrder("nop", "end", "serve");
        JsonNode listed = admin.items("/deployments?_get_data=true").get(0).get("workflows");
        assertThat(listed).isEqualTo(admin.get("/deployments/d").get("workflows"));
        JsonNode unasked = admin.get("/deployments/d?availability=false").get("workflows");
        assertThat(unasked).hasSameSizeAs(listed);
        listed.forEach(workflow -> ((ObjectNode) workflow).remove("is_available"));
        assertThat(unasked).isEqualTo(listed);
    }

    @Test
    void aWorkflowOfSeveralDeploymentsIsAvailableIfItIsInTheNewestOfThem() throws IOException {
        // given
        String blueprint = SMALL.replace("workflows: {nop: {mapping: noop.nop, parameters: {a: {default: 1}}}}", """
                workflows:
                  nop: {mapping: noop.nop}
                  begin: {mapping: noop.a, availability_rules: {node_instances_active: [none]}}
                  end: {mapping: noop.b, availability_rules: {node_instances_active: [all]}}
                  compute: {mapping: noop.d, availability_rules: {node_types_required: [my.Other]}}""");
        assertThat(upload(admin, "b", "", tarGz(blueprint)).statusCode()).isEqualTo(201);
        for (String id : List.of("up", "down")) {
            assertThat(deploy(id, "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}")
                            .statusCode())
                    .isEqualTo(201);
        }
        for (String instance : admin.texts("/node-instances?deployment_id=up", "id")) {
            assertThat(state(instance, "started").statusCode()).isEqualTo(200);
        }
        // when, then
        assertThat(available(admin.items("/workflows"))).containsExactly("begin", "nop");
        for (String[] one : new String[][] {{"up", "end", "nop"}, {"down", "begin", "nop"}}) {
            assertThat(available(admin.items("/workflows?deployment_id=" + one[0])))
                    .containsExactly(one[1], one[2]);
            assertThat(available(Api.read(admin.sendJson("POST", "/searches/workflows?deployment_id=" + one[0], "{}")
                                    .asString())
                            .get("items")))
                    .containsExactly(one[1], one[2]);
            assertThat(available(one[0])).containsExactlyInAnyOrder(one[1], one[2]);
        }
    }

    private Response state(String instance, String state) {
        return admin.sendJson(
                "PATCH",
                "/node-instances/" + instance + "?force=true",
                "{\"version\": 1, \"state\": \"" + state + "\"}");
    }

    /** As the deployment says it, and as the list of its workflows does. */
    private List<String> available(String deployment) {
        List<String> own = available(admin.get("/deployments/" + deployment).get("workflows"));
        assertThat(available(admin.items("/workflows?deployment_id=" + deployment)))
                .containsExactlyInAnyOrderElementsOf(own);
        return own;
    }

    private static List<String> available(Iterable<JsonNode> workflows) {
        List<String> names = new ArrayList<>();
        workflows.forEach(workflow -> {
            if (workflow.get("is_available").asBoolean()) {
                names.add(workflow.get("name").asText());
            }
        });
        return names;
    }

    @Test
    void everyFormatIsUnderstoodAndComesBackAsItWas() throws IOException {
        // given
        Map<String, byte[]> archives = Map.of(
                "tgz", tarGz(SMALL),
                "tbz", tar(Map.of("bp/blueprint.yaml", SMALL), "bz2"),
                "tar", tar(Map.of("./bp/blueprint.yaml", SMALL), ""),
                "zip", zip(Map.of("bp/blueprint.yaml", SMALL, "bp/scripts/a.sh", "echo")));
        for (Map.Entry<String, byte[]> archive : archives.entrySet()) {
            // when
            Response response = upload(admin, archive.getKey(), "", archive.getValue());
            // then
            assertThat(response.statusCode())
                    .as(archive.getKey() + response.asString())
                    .isEqualTo(201);
            assertThat(admin.response("/blueprints/" + archive.getKey() + "/archive")
                            .asByteArray())
                    .isEqualTo(archive.getValue());
        }
        assertThat(upload(admin, "yaml", "", SMALL.getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(201);
        assertThat(admin.get("/blueprints/yaml").get("state").asText()).isEqualTo("uploaded");
    }

    @Test
    void aBlueprintWithoutNodesIsDeployedAndRemoved() throws IOException {
        // given
        String blueprint = """
                tosca_definitions_version: cloudify_dsl_1_5
                inputs: {size: {type: integer}}
                outputs: {twice: {value: {concat: [{get_input: size}, {get_input: size, type: integer}]}}}
                """;
        assertThat(upload(admin, "bare", "", tarGz("tosca_definitions_version: cloudify_dsl_1_5\n"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(upload(admin, "o", "", tarGz(blueprint)).statusCode()).isEqualTo(201);
        // when
        Response made = bob.sendJson("PUT", "/deployments/o", "{\"blueprint_id\": \"o\", \"inputs\": {\"size\": 7}}");
        // then
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        assertThat(bob.get("/deployments/o/outputs").at("/outputs/twice").asText())
                .isEqualTo("77");
        assertThat(bob.items("/nodes?deployment_id=o")).isEmpty();
        assertThat(bob.items("/node-instances?deployment_id=o")).isEmpty();
        assertThat(bob.sendJson("PUT", "/deployments/bare", "{\"blueprint_id\": \"bare\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(bob.get("/deployments/bare").get("workflows").isEmpty()).isTrue();
        assertThat(bob.sendJson("DELETE", "/deployments/o?force=true", null).statusCode())
                .isLessThan(300);
        assertThat(bob.texts("/deployments", "id")).containsExactly("bare");
    }

    @Test
    void aDeploymentHasTheSchedulesAndGroupsOfItsBlueprint() throws IOException {
        // given
        String blueprint = SMALL + """
                deployment_settings:
                  default_schedules:
                    nightly: {workflow: nop, since: '2030-1-2 4:00', timezone: Europe/Oslo, recurrence: 1 day, count: 3,
                              workflow_parameters: {a: {get_input: size}}}
                  default_groups: [shops, bars]
                """;
        assertThat(upload(admin, "s", "", tarGz(blueprint)).statusCode()).isEqualTo(201);
        // when
        Response made = bob.sendJson("PUT", "/deployments/s", "{\"blueprint_id\": \"s\", \"inputs\": {\"size\": 7}}");
        // then
        assertThat(made.statusCode()).as(made.asString()).isEqualTo(201);
        assertThat(scheduler.schedules).containsExactly("s/nightly");
        assertThat(scheduler.scheduled.get("nightly"))
                .isEqualTo(Api.read(
                        "{\"workflow_id\": \"nop\", \"recurrence\": \"1 day\", \"count\": 3, \"parameters\": {\"a\": 7},"
                                + " \"since\": \"2030-01-02T03:00:00\", \"created_by\": \"bob\"}"));
        assertThat(bob.get("/deployment-groups/shops").get("deployment_ids")).isEqualTo(Api.read("[\"s\"]"));
        assertThat(bob.texts("/deployment-groups", "id")).containsExactlyInAnyOrder("shops", "bars");
        assertThat(scheduler.lines)
                .contains(
                        "Created the schedule `nightly`",
                        "Added to the deployment group `shops`",
                        "Added to the deployment group `bars`");
    }

    @Test
    void aDeploymentWhoseSchedulesOrGroupsAreRefusedIsNotMade() throws IOException {
        // given
        String blueprint = SMALL + """
                deployment_settings:
                  default_schedules:
                    nightly: {workflow: nop, since: '2030-1-2 4:00'}
                    the-odd-one: {workflow: none, since: +1 day}
                  default_groups: [shops, 'no good']
                """;
        String request = "{\"blueprint_id\": \"%s\", \"inputs\": {\"size\": 7}, \"labels\": [{\"env\": \"a\"}]}";
        assertThat(upload(admin, "s", "", tarGz(blueprint)).statusCode()).isEqualTo(201);
        assertThat(upload(admin, "g", "", tarGz(blueprint.replace("workflow: none", "workflow: nop")))
                        .statusCode())
                .isEqualTo(201);
        // when, then: the scheduler refuses one of two schedules
        refused(
                bob.sendJson("PUT", "/deployments/s", request.formatted("s")),
                400,
                "deployment_creation_error",
                "cloudify_rest_client.exceptions.NonexistentWorkflowError: 400: Workflow none does not exist");
        assertThat(scheduler.schedules).isEmpty();
        assertThat(bob.texts("/deployment-groups", "id")).isEmpty();
        assertThat(scheduler.lines)
                .contains(
                        "Created the schedule `nightly`",
                        "Refused was the schedule `the-odd-one` of the blueprint: Workflow none does not exist");
        ObjectNode creation = scheduler.execution("create_deployment_environment");
        assertThat(creation.get("status").asText()).isEqualTo("failed");
        assertThat(creation.get("error").asText())
                .isEqualTo(
                        "cloudify_rest_client.exceptions.NonexistentWorkflowError: 400: Workflow none does not exist");
        requireEmpty("s");
        // when, then: nobody waits for the end
        scheduler.executions.clear();
        assertThat(bob.sendJson("PUT", "/deployments/s?async_create=true", request.formatted("s"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(scheduler
                        .execution("create_deployment_environment")
                        .get("status")
                        .asText())
                .isEqualTo("failed");
        requireEmpty("s");
        // when, then: it cannot join one of two groups, and has no schedule for it either
        refused(
                bob.sendJson("PUT", "/deployments/g", request.formatted("g")),
                400,
                "deployment_creation_error",
                "CloudifyClientError: 400: The `group_id` argument contains illegal characters");
        assertThat(scheduler.schedules).isEmpty();
        assertThat(bob.texts("/deployment-groups", "id")).isEmpty();
        requireEmpty("g");
        // when, then: a time that is none is seen at the upload, one that only counts from the deployment on before
        // anything is made
        refused(
                upload(admin, "t", "", tarGz(blueprint.replace("+1 day", "soon"))),
                400,
                "invalid_blueprint_error",
                "soon is not a legal time format. accepted formats are YYYY-MM-DD HH:MM | HH:MM");
        assertThat(upload(admin, "u", "", tarGz(blueprint.replace("+1 day", "+day")))
                        .statusCode())
                .isEqualTo(201);
        refused(
                bob.sendJson("PUT", "/deployments/u", "{\"blueprint_id\": \"u\", \"inputs\": {\"size\": 7}}"),
                400,
                "deployment_creation_error",
                "the default schedule `the-odd-one` of the blueprint has `+day` as since, which is no time");
        assertThat(bob.texts("/deployments", "id")).containsExactlyInAnyOrder("s", "g");
        // when, then: with a blueprint that is right another takes the place of one that failed
        assertThat(upload(admin, "r", "", tarGz(SMALL)).statusCode()).isEqualTo(201);
        assertThat(bob.sendJson("PUT", "/deployments/s", request.formatted("r")).statusCode())
                .isEqualTo(201);
        assertThat(bob.items("/nodes?deployment_id=s")).isNotEmpty();
    }

    /** As a deployment whose blueprint could not be evaluated. */
    private void requireEmpty(String deployment) {
        JsonNode left = bob.get("/deployments/" + deployment);
        assertThat(left.get("latest_execution_status").asText()).isEqualTo("failed");
        assertThat(left.get("create_execution").asText())
                .isEqualTo(left.get("latest_execution").asText());
        assertThat(left.get("workflows")).isEmpty();
        assertThat(left.get("labels")).isEmpty();
        assertThat(bob.items("/nodes?deployment_id=" + deployment)).isEmpty();
        assertThat(bob.items("/node-instances?deployment_id=" + deployment)).isEmpty();
    }

    @Test
    void anIconIsKeptInTheArchiveAndTakenOutOfIt() throws IOException {
        // given
        byte[] icon = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2};
        byte[] archive = tarGz(SMALL);
        assertThat(upload(admin, "a", "", archive).statusCode()).isEqualTo(201);
        // when
        Response given = admin.send(
                "PATCH",
                "/blueprints/a/icon",
                r -> r.contentType("application/json").body(icon));
        // then
        assertThat(given.statusCode()).as(given.asString()).isEqualTo(200);
        assertThat(Api.read(given.asString()).get("state").asText()).isEqualTo("uploaded");
        assertThat(filesOf(admin.response("/blueprints/a/archive").asByteArray()))
                .containsOnlyKeys("bp/blueprint.yaml", "bp/icon.png")
                .containsEntry("bp/icon.png", icon)
                .containsEntry("bp/blueprint.yaml", SMALL.getBytes(StandardCharsets.UTF_8));
        refused(
                admin.send("PATCH", "/blueprints/a/icon", r -> r.body("<svg/>".getBytes(StandardCharsets.UTF_8))),
                400,
                "bad_parameters_error",
                "the icon is no PNG image");
        refused(
                admin.send("PATCH", "/blueprints/none/icon", r -> r.body(icon)),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `none`");
        assertThat(admin.sendJson("PATCH", "/blueprints/a/icon", null).statusCode())
                .isEqualTo(200);
        assertThat(filesOf(admin.response("/blueprints/a/archive").asByteArray()))
                .containsOnlyKeys("bp/blueprint.yaml");
    }

    private static Map<String, byte[]> filesOf(byte[] tarGz) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(
                GzipCompressorInputStream.builder().setByteArray(tarGz).get())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    @Test
    void anArchiveIsReplacedAndThePlanStays() throws IOException {
        // given
        assertThat(upload(admin, "a", "", tarGz(SMALL)).statusCode()).isEqualTo(201);
        JsonNode plan = admin.get("/blueprints/a").get("plan");
        byte[] other = zip(Map.of("top/blueprint.yaml", SMALL, "top/more.txt", "more"));
        // when
        assertThat(upload(admin, "a/archive", "", other).statusCode()).isEqualTo(200);
        // then
        assertThat(admin.response("/blueprints/a/archive").asByteArray()).isEqualTo(other);
        assertThat(admin.get("/blueprints/a").get("plan")).isEqualTo(plan);
        refused(
                upload(admin, "a/archive", "", "garbage: [".getBytes(StandardCharsets.UTF_8)),
                400,
                "bad_parameters_error",
                "Blueprint archive is of an unrecognized format");
        refused(
                upload(admin, "a/archive", "", new byte[0]),
                400,
                "bad_parameters_error",
                "Missing application archive");
        refused(
                upload(admin, "none/archive", "", other),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `none`");
        refused(
                upload(Api.user(signer, "bob", "t2"), "a/archive", "", other),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `a`");
        assertThat(admin.response("/blueprints/a/archive").asByteArray()).isEqualTo(other);
    }

    @Test
    void withoutAnExecutionOnlyTheArchiveIsKept() throws IOException {
        // given
        byte[] archive = tarGz("no: blueprint");
        // when
        Response kept = upload(admin, "r", "?skip_execution=true", archive);
        // then
        assertThat(kept.statusCode()).as(kept.asString()).isEqualTo(201);
        assertThat(Api.read(kept.asString()).get("state").asText()).isEqualTo("uploading");
        assertThat(scheduler.executions).isEmpty();
        assertThat(admin.response("/blueprints/r/archive").asByteArray()).isEqualTo(archive);
        JsonNode done = Api.read(admin.sendJson(
                        "PATCH",
                        "/blueprints/r",
                        "{\"plan\": {\"nodes\": []}, \"state\": \"uploaded\", \"description\": \"old\"}")
                .asString());
        assertThat(done.get("state").asText()).isEqualTo("uploaded");
        assertThat(done.get("plan")).isEqualTo(Api.read("{\"nodes\": []}"));
        assertThat(admin.get("/blueprints/r/upload-execution").get("id").isNull())
                .isTrue();
        // when
        scheduler.executions.put("t1/elsewhere", (ObjectNode)
                Api.read("{\"id\": \"elsewhere\", \"tenant_name\": \"t1\", \"workflow_id\": \"upload_blueprint\"}"));
        assertThat(admin.sendJson("PUT", "/blueprints/r/upload-execution", "{\"id\": \"elsewhere\"}")
                        .statusCode())
                .isEqualTo(204);
        // then
        assertThat(admin.get("/blueprints/r/upload-execution").get("id").asText())
                .isEqualTo("elsewhere");
        assertThat(admin.get("/blueprints/r").at("/upload_execution/id").asText())
                .isEqualTo("elsewhere");
    }

    @Test
    void anUploadThatIsUnderWayKeepsItsExecution() throws IOException {
        upload(admin, "r", "?skip_execution=true", tarGz(SMALL));
        assertThat(admin.sendJson("PUT", "/blueprints/r/upload-execution", "{\"id\": \"elsewhere\"}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(admin.get("/blueprints/r/upload-execution").get("id").isNull())
                .isTrue();
        assertThat(admin.response("/blueprints/none/upload-execution").statusCode())
                .isEqualTo(404);
    }

    @Test
    void uploadByUrlFetchesTheArchive() throws IOException {
        // given
        byte[] archive = tarGz(SMALL);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/bp.tar.gz", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.createContext("/moved.tar.gz", exchange -> {
            exchange.getResponseHeaders().set("Location", "bp.tar.gz");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/round", exchange -> {
            exchange.getResponseHeaders().set("Location", "/round");
            exchange.sendResponseHeaders(301, -1);
            exchange.close();
        });
        server.start();
        String base = "http://localhost:" + server.getAddress().getPort();
        try {
            // when, then
            Response moved = admin.send("PUT", "/blueprints/m?blueprint_archive_url=" + base + "/moved.tar.gz", r -> r);
            assertThat(moved.statusCode()).as(moved.asString()).isEqualTo(201);
            refused(
                    admin.send("PUT", "/blueprints/n?blueprint_archive_url=" + base + "/round", r -> r),
                    400,
                    "invalid_blueprint_error",
                    "more than 5 times");
            refused(
                    bob.send("PUT", "/blueprints/o?blueprint_archive_url=" + base + "/bp.tar.gz", r -> r),
                    400,
                    "invalid_blueprint_error",
                    "of the manager itself or of its link, which is not allowed");
            Response good = admin.send("PUT", "/blueprints/u?blueprint_archive_url=" + base + "/bp.tar.gz", r -> r);
            assertThat(good.statusCode()).as(good.asString()).isEqualTo(201);
            refused(
                    admin.send("PUT", "/blueprints/v?blueprint_archive_url=" + base + "/none", r -> r),
                    400,
                    "invalid_blueprint_error",
                    "Blueprint `v` has failed uploading. Error: Cannot fetch URL: " + base + "/none answered 404");
            assertThat(admin.get("/blueprints/v").get("state").asText()).isEqualTo("failed_uploading");
            refused(
                    admin.send("PUT", "/blueprints/w?blueprint_archive_url=file:///etc/passwd", r -> r),
                    400,
                    "invalid_blueprint_error",
                    "Blueprint `w` has failed uploading. Error: Invalid URL file:///etc/passwd");
            refused(
                    upload(admin, "x", "?blueprint_archive_url=" + base + "/bp.tar.gz", archive),
                    400,
                    "bad_parameters_error",
                    "only one of");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void asynchronousUploadAnswersAtOnceAndEndsByItself() throws IOException {
        // when
        Response response = form(admin, "/blueprints/b1", "{\"async_upload\": true}", tarGz(SMALL));
        // then
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
        assertThat(Api.read(response.asString()).get("state").asText())
                .isIn("uploading", "extracting", "parsing", "uploaded");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                                admin.get("/blueprints/b1").get("state").asText())
                        .isEqualTo("uploaded"));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(scheduler
                                .execution("upload_blueprint")
                                .get("status")
                                .asText())
                        .isEqualTo("terminated"));
    }

    @Test
    void wrongBlueprintIsRefusedWithThePlaceAndMayBeUploadedAgain() throws IOException {
        // when
        Response refusal = upload(admin, "b1", "", tarGz(SMALL.replace("type: my.Server", "type: my.Servr")));
        // then
        refused(
                refusal,
                400,
                "invalid_blueprint_error",
                "Blueprint `b1` is invalid. Error: Invalid blueprint - Could not locate node type: 'my.Servr'; existing types:"
                        + " ['my.Root', 'my.Server'] (blueprint.yaml, line 10, column 11); expected one that exists in node template"
                        + " 'srv' (did you mean 'my.Server'?)");
        JsonNode blueprint = admin.get("/blueprints/b1");
        assertThat(blueprint.get("state").asText()).isEqualTo("invalid");
        assertThat(blueprint.get("error").asText())
                .startsWith("Invalid blueprint - Could not locate node type: 'my.Servr'; existing types: [");
        assertThat(blueprint.at("/upload_execution/status").asText()).isEqualTo("failed");
        assertThat(upload(admin, "b1", "", tarGz(SMALL)).statusCode()).isEqualTo(201);
        assertThat(admin.get("/blueprints/b1").get("error").isNull()).isTrue();
    }

    /** The states are told apart as the existing product does. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "type: my.Server|type: my.Servr|invalid|is invalid|Invalid blueprint - Could not locate node type: 'my.Servr'; ",
                "description: small|imports: [a.yaml]|invalid|is invalid|Invalid blueprint - Import failed: Unable to open import url resource:a.yaml; ",
                "description: small|imports: ['plugin:p?version=1,']|invalid|is invalid|Invalid blueprint - Specified version param ['1,'] of the plugin p ",
                "value: {get_input: name}|value: {get_input: nobody}|failed_parsing|has failed parsing|Failed parsing blueprint - get_input function references an unknown input 'nobody'.",
                "default: world|default: worldly|failed_parsing|has failed parsing|Failed parsing blueprint - Value worldly of input name violates constraint max_length(5) operator.",
            })
    void wrongBlueprintsEndInTheStateOfTheProduct(String right, String wrong, String state, String what, String error)
            throws IOException {
        // given
        assertThat(SMALL).contains(right);
        // when
        Response refusal = upload(admin, "b1", "", tarGz(SMALL.replace(right, wrong)));
        // then
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(refusal.jsonPath().getString("detail")).startsWith("Blueprint `b1` " + what + ". Error: " + error);
        JsonNode blueprint = admin.get("/blueprints/b1");
        assertThat(blueprint.get("state").asText()).isEqualTo(state);
        assertThat(blueprint.get("error").asText()).startsWith(error);
        assertThat(blueprint.at("/upload_execution/status").asText()).isEqualTo("failed");
    }

    @Test
    void whatIsNoBlueprintArchiveIsRefused() throws IOException {
        refused(
                upload(admin, "a", "", "hello".getBytes(StandardCharsets.UTF_8)),
                400,
                "bad_parameters_error",
                "Blueprint archive is of an unrecognized format. Supported formats are: ['zip', 'tar', 'tar.gz', 'tar.bz2']");
        assertThat(admin.get("/blueprints/a").get("state").asText()).isEqualTo("failed_uploading");
        refused(
                upload(admin, "b", "", tar(Map.of("x/blueprint.yaml", SMALL, "y/other.yaml", "a: b"), "gz")),
                400,
                "invalid_blueprint_error",
                "Blueprint `b` has failed extracting. Error: Archive must contain exactly 1 directory");
        assertThat(admin.get("/blueprints/b").get("state").asText()).isEqualTo("failed_extracting");
        refused(
                upload(admin, "c", "", tar(Map.of("x/../../evil.yaml", SMALL), "gz")),
                400,
                "invalid_blueprint_error",
                "leads out of it");
        refused(
                upload(admin, "d", "?application_file_name=app.yaml", tarGz(SMALL)),
                400,
                "invalid_blueprint_error",
                "Blueprint `d` has failed extracting. Error: app.yaml does not exist in the application directory");
        assertThat(admin.get("/blueprints/d").get("state").asText()).isEqualTo("failed_extracting");
        refused(
                admin.send("PUT", "/blueprints/e", request -> request),
                400,
                "bad_parameters_error",
                "Missing application archive");
        refused(
                upload(admin, "f", "", new byte[] {0x1f, (byte) 0x8b, 1, 2, 3}),
                400,
                "invalid_blueprint_error",
                "the archive is damaged");
    }

    @Test
    void idsVisibilityAndRightsAreChecked() throws IOException {
        byte[] archive = tarGz(SMALL);
        refused(upload(admin, "1b", "", archive), 400, "bad_parameters_error", "must begin with a letter");
        refused(upload(admin, "a%20b", "", archive), 400, "bad_parameters_error", "contains illegal characters");
        refused(
                upload(admin, "b", "?visibility=wide", archive),
                400,
                "bad_parameters_error",
                "Invalid visibility: `wide`. Valid visibility's values are: ['private', 'tenant', 'global']");
        refused(upload(bob, "b", "?visibility=global", archive), 403, "forbidden_error", "create_global_resource");
        refused(form(admin, "/blueprints/b", "{", archive), 400, "bad_parameters_error", "params is not JSON");
        refused(
                form(admin, "/blueprints/b", "{\"async_upload\": \"maybe\"}", archive),
                400,
                "bad_parameters_error",
                "async_upload must be <true/false>, got maybe");
        assertThat(admin.items("/blueprints")).isEmpty();
        assertThat(upload(admin, "b", "", archive).statusCode()).isEqualTo(201);
        refused(
                upload(bob, "b", "", archive),
                409,
                "conflict_error",
                "blueprint with id=b already exists on tenant t1 or with global visibility");
    }

    @Test
    void withoutTheSchedulerAnUploadFailsAndSaysSo() throws IOException {
        // given
        scheduler.refuses = true;
        // when
        Response response = upload(admin, "b", "", tarGz(SMALL));
        // then
        refused(response, 503, "service_unavailable_error", "the stand-in refuses");
        assertThat(admin.get("/blueprints/b").get("state").asText()).isEqualTo("failed_uploading");
    }

    @Test
    void uploadWhoseServiceStoppedIsFinished() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        rows.execute(
                "UPDATE inventory.blueprints SET state = 'parsing', plan = NULL, updated_at = now() - interval '1 hour'");
        // when
        int resumed = resume.resumeAfter(Duration.ofMinutes(20));
        // then
        assertThat(resumed).isEqualTo(1);
        assertThat(admin.get("/blueprints/b").get("state").asText()).isEqualTo("uploaded");
        assertThat(admin.get("/blueprints/b").at("/plan/nodes")).hasSize(2);
        assertThat(resume.resumeAfter(Duration.ofMinutes(20))).isZero();
    }

    @Test
    void validationShowsTheBlueprintAndKeepsNothingButItsExecution() throws IOException {
        // when
        Response response = form(admin, "/blueprints/b/validate", "{}", tarGz(SMALL));
        // then
        assertThat(response.statusCode()).isEqualTo(201);
        JsonNode validated = Api.read(response.asString());
        assertThat(validated.get("state").asText()).isEqualTo("validating");
        assertThat(validated.at("/plan/nodes")).hasSize(2);
        assertThat(validated.at("/upload_execution/id").asText())
                .isEqualTo(scheduler.execution("upload_blueprint").get("id").asText());
        assertThat(validated.at("/upload_execution/status").asText()).isEqualTo("terminated");
        assertThat(validated.at("/upload_execution/parameters/validate_only").asBoolean())
                .isTrue();
        assertThat(admin.items("/blueprints")).isEmpty();
        // what it shows is what an upload keeps
        upload(admin, "b", "", tarGz(SMALL));
        JsonNode kept = admin.get("/blueprints/b");
        assertThat(validated.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(kept::fieldNames);
        for (String same : List.of(
                "id",
                "visibility",
                "main_file_name",
                "plan",
                "requirements",
                "description",
                "tenant_name",
                "created_by",
                "resource_availability",
                "private_resource")) {
            assertThat(validated.get(same)).as(same).isEqualTo(kept.get(same));
        }
    }

    @Test
    void validationOfAWrongBlueprintIsRefusedAndItsExecutionHasFailed() throws IOException {
        refused(
                upload(admin, "b/validate", "", tarGz("tosca_definitions_version: cloudify_dsl_1_4\nnode: {}")),
                400,
                "invalid_blueprint_error",
                "'node' is not in schema. Valid schema values: ['tosca_definitions_version', 'description', ");
        assertThat(admin.items("/blueprints")).isEmpty();
        ObjectNode execution = scheduler.execution("upload_blueprint");
        assertThat(execution.path("status").asText()).isEqualTo("failed");
        assertThat(execution.path("error").asText()).contains("'node' is not in schema.");
    }

    @Test
    void importsOfPluginsAndBlueprintsAreFound() throws IOException, SQLException {
        // given
        String sha256 = rows.content(zip(Map.of("plugin.yaml", """
                        plugins: {net: {executor: central_deployment_agent, package_name: net-plugin, package_version: '1.10'}}
                        node_types: {net.Port: {properties: {size: {default: 1}}}}
                        """)), 1000);
        for (String version : new String[] {"1.9", "1.10", "2.0"}) {
            rows.execute("INSERT INTO inventory.plugins (tenant_name, id, package_name, package_version, yaml_files,"
                    + " archive_sha256) VALUES ('t1', 'p" + version + "', 'net-plugin', '" + version
                    + "', '[\"plugin.yaml\"]', '" + sha256 + "')");
        }
        upload(admin, "base", "", tarGz(SMALL));
        String blueprint = """
                tosca_definitions_version: cloudify_dsl_1_4
                imports: ['plugin:net-plugin?version=>=1.9,<2', 'b--blueprint:base']
                node_templates: {port: {type: net.Port}}
                """;
        // when
        Response good = upload(admin, "top", "", tarGz(blueprint));
        // then
        assertThat(good.statusCode()).as(good.asString()).isEqualTo(201);
        assertThat(Api.read(good.asString()).at("/plan/nodes").findValuesAsText("name"))
                .contains("port", "b--net", "b--srv");
        refused(
                upload(admin, "bad", "", tarGz(blueprint.replace(">=1.9,<2", "3"))),
                400,
                "invalid_blueprint_error",
                "Couldn't find plugin \"net-plugin\" with version ===3 in the plugins catalog.");
        refused(
                admin.sendJson("DELETE", "/blueprints/base", null),
                405,
                "blueprint_in_use",
                "Blueprint `base` is currently in use in blueprints: top");
        assertThat(admin.sendJson("DELETE", "/blueprints/base?force=True", null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aBlueprintWithIllegalLabelsIsInvalid() {
        for (String key : List.of("'k ey'", "csys-blah")) {
            String text = """
                    tosca_definitions_version: cloudify_dsl_1_4
                    node_types: {t: {}}
                    blueprint_labels: {%s: {values: [a]}}
                    """.formatted(key);
            // when: a second time, as an invalid one gives way
            for (int i = 0; i < 2; i++) {
                Response refused = admin.send(
                        "PUT",
                        "/blueprints/b?application_file_name=blueprint.yaml",
                        r -> r.contentType("application/json").body(text.getBytes(StandardCharsets.UTF_8)));
                // then
                refused(
                        refused,
                        400,
                        "invalid_blueprint_error",
                        "Blueprint `b` is invalid. Error: Invalid blueprint - ");
            }
            JsonNode kept = admin.get("/blueprints/b");
            assertThat(kept.get("state").asText()).isEqualTo("invalid");
            assertThat(kept.get("error").asText())
                    .startsWith("Invalid blueprint - ")
                    .contains("one of the blueprint_labels is no label: ");
            // when
            Response validated = admin.send(
                    "PUT",
                    "/blueprints/v/validate?application_file_name=blueprint.yaml",
                    r -> r.contentType("application/json").body(text.getBytes(StandardCharsets.UTF_8)));
            // then
            refused(validated, 400, "invalid_blueprint_error", "Blueprint `v` is invalid. Error: Invalid blueprint - ");
        }
    }

    // --- changes

    @Test
    void aRefusedChangeOfABlueprintChangesNothing() throws IOException {
        // given
        upload(bob, "b", "", tarGz(SMALL));
        JsonNode before = bob.get("/blueprints/b");
        String change = "{\"labels\": [{\"a\": \"1\"}], \"description\": \"d\", \"visibility\": ";
        // when, then
        refused(
                bob.sendJson("PATCH", "/blueprints/b", change + "123}"),
                400,
                "bad_parameters_error",
                "visibility parameter is expected to be of type str but is of type int");
        refused(
                bob.sendJson("PATCH", "/blueprints/b", change + "\"everywhere\"}"),
                400,
                "bad_parameters_error",
                "Invalid visibility: `everywhere`. Valid visibility's values are: ['private', 'tenant', 'global']");
        refused(
                bob.sendJson("PATCH", "/blueprints/b", change + "\"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        refused(
                bob.sendJson("PATCH", "/blueprints/b", change + "\"private\"}"),
                400,
                "illegal_action_error",
                "Can't set the visibility of `b` to private because it already has wider visibility");
        refused(
                admin.sendJson("PATCH", "/blueprints/b", "{\"visibility\": \"global\", \"state\": \"no such state\"}"),
                400,
                "bad_parameters_error",
                "Invalid state: `no such state`");
        assertThat(bob.get("/blueprints/b")).isEqualTo(before);
    }

    @Test
    void labelsThatAreCarriedOverKeepWhoMadeThemAndWhen() throws IOException {
        // given
        upload(bob, "b", "", tarGz(SMALL));
        bob.sendJson("PATCH", "/blueprints/b", "{\"labels\": [{\"a\": \"1\"}]}");
        // when
        JsonNode changed = Api.read(admin.sendJson(
                        "PATCH",
                        "/blueprints/b",
                        "{\"labels\": [{\"a\": \"1\"}, {\"a\": \"2\"}], \"creator\": \"eve\","
                                + " \"created_at\": \"2020-01-02T03:04:05.678Z\"}")
                .asString());
        // then
        assertThat(changed.get("labels"))
                .filteredOn(label -> label.get("value").asText().equals("2"))
                .containsExactly(Api.read("{\"key\": \"a\", \"value\": \"2\","
                        + " \"created_at\": \"2020-01-02T03:04:05.678Z\", \"created_by\": \"eve\"}"));
        assertThat(changed.get("labels"))
                .filteredOn(label -> label.get("value").asText().equals("1"))
                .allSatisfy(
                        label -> assertThat(label.get("created_by").asText()).isEqualTo("bob"));
    }

    @Test
    void labelsVisibilityAndDescriptionChange() throws IOException {
        // given
        upload(bob, "b", "", tarGz(SMALL));
        // when, then
        JsonNode changed = Api.read(bob.sendJson(
                        "PATCH",
                        "/blueprints/b",
                        "{\"labels\": [{\"a\": \"1\"}, {\"team\": \"red\"}], \"description\": \"d\"}")
                .asString());
        assertThat(changed.get("labels").findValuesAsText("key")).containsExactlyInAnyOrder("a", "team");
        assertThat(changed.get("description").asText()).isEqualTo("d");
        refused(
                bob.sendJson("PATCH", "/blueprints/b", "{\"colour\": 1}"),
                400,
                "bad_parameters_error",
                "Unknown parameters: colour");
        refused(bob.sendJson("PATCH", "/blueprints/b", "{\"state\": \"uploaded\"}"), 403, "forbidden_error", "state");
        refused(
                bob.sendJson("PATCH", "/blueprints/b/set-visibility", "{\"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        assertThat(Api.read(admin.sendJson("PATCH", "/blueprints/b/set-visibility", "{\"visibility\": \"global\"}")
                                .asString())
                        .get("visibility")
                        .asText())
                .isEqualTo("global");
        refused(
                admin.sendJson("PATCH", "/blueprints/b/set-visibility", "{\"visibility\": \"tenant\"}"),
                400,
                "illegal_action_error",
                "Can't set the visibility of `b` to tenant because it already has wider visibility");
        Api other = Api.admin(signer, "t2");
        refused(
                other.sendJson("DELETE", "/blueprints/b", null),
                400,
                "illegal_action_error",
                "Can't modify the global resource `b` from outside its tenant `t1`");
        refused(
                upload(other, "b", "", tarGz(SMALL)),
                409,
                "conflict_error",
                "blueprint with id=b already exists on tenant t2 or with global visibility");
    }

    @Test
    void removedBlueprintLeavesNothing() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        upload(admin, "c", "", tarGz(SMALL));
        // when
        assertThat(admin.sendJson("DELETE", "/blueprints/b?force=False", null).statusCode())
                .isEqualTo(204);
        // then
        refused(
                admin.response("/blueprints/b"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `b` was not found");
        refused(
                admin.sendJson("DELETE", "/blueprints/b", null),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `b`");
        assertThat(admin.response("/blueprints/c/archive").statusCode()).isEqualTo(200);
        assertThat(admin.sendJson("DELETE", "/blueprints/c", null).statusCode()).isEqualTo(204);
        assertThat(count("inventory.content_chunks")).isZero();
        assertThat(count("inventory.blueprint_labels")).isZero();
    }

    private int count(String table) throws SQLException {
        try (var statement = rows.connection().createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    // --- deployments

    private Response deploy(String id, String body) {
        return admin.sendJson("PUT", "/deployments/" + id, body);
    }

    @Test
    void deploymentIsMadeOfThePlan() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        rows.execute("INSERT INTO inventory.sites (tenant_name, name) VALUES ('t1', 'london')");
        // when
        Response response = deploy(
                "d1",
                "{\"blueprint_id\": \"b\", \"inputs\": {\"name\": \"bob\", \"size\": 3}, \"labels\": [{\"tier\": \"gold\"}],"
                        + " \"display_name\": \"First one\", \"site_name\": \"london\", \"visibility\": \"tenant\","
                        + " \"skip_plugins_validation\": false, \"runtime_only_evaluation\": false}");
        // then
        JsonNode deployment = Api.read(response.asString());
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
        assertThat(deployment.get("inputs")).isEqualTo(Api.read("{\"name\": \"bob\", \"size\": 3}"));
        assertThat(deployment.at("/outputs/who/value").asText()).isEqualTo("bob");
        assertThat(deployment.at("/capabilities/cap/value").asText()).isEqualTo("bob");
        assertThat(deployment.get("display_name").asText()).isEqualTo("First one");
        assertThat(deployment.get("site_name").asText()).isEqualTo("london");
        assertThat(deployment.get("description").asText()).isEqualTo("small");
        assertThat(deployment.get("installation_status").asText()).isEqualTo("inactive");
        assertThat(deployment.get("labels").findValuesAsText("key")).containsExactly("tier", "env");
        assertThat(deployment.at("/workflows/0/name").asText()).isEqualTo("nop");
        assertThat(deployment.at("/workflows/0/is_available").asBoolean()).isTrue();
        assertThat(deployment.get("latest_execution_status").asText()).isEqualTo("completed");
        JsonNode nodes = admin.items("/nodes?deployment_id=d1");
        assertThat(nodes.findValuesAsText("id")).contains("net", "srv");
        assertThat(nodes.get(1).at("/properties/greeting").asText()).isEqualTo("bob");
        assertThat(nodes.get(1).get("number_of_instances").asInt()).isEqualTo(2);
        assertThat(nodes.get(1).at("/relationships/0/target_id").asText()).isEqualTo("net");
        JsonNode instances = admin.items("/node-instances?deployment_id=d1");
        assertThat(instances).hasSize(3);
        assertThat(instances.get(0).get("id").asText()).matches("net_[a-z0-9]{6}");
        assertThat(instances.get(1).at("/relationships/0/target_id").asText())
                .isEqualTo(instances.get(0).get("id").asText());
        assertThat(instances.get(2).get("index").asInt()).isEqualTo(2);
        assertThat(instances.get(2).get("state").asText()).isEqualTo("uninitialized");
        JsonNode execution = scheduler.execution("create_deployment_environment");
        assertThat(execution.get("id").asText())
                .isEqualTo(deployment.get("create_execution").asText());
        assertThat(execution.get("status").asText()).isEqualTo("terminated");
        assertThat(execution.get("deployment_id").asText()).isEqualTo("d1");
        assertThat(scheduler.lines)
                .containsSubsequence(
                        "Setting deployment attributes",
                        "Creating 2 nodes",
                        "Creating 3 node-instances",
                        "Creating deployment work directory");
    }

    @Test
    void refusedDeploymentLeavesNothing() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        // when, then
        refused(deploy("d", "{}"), 400, "bad_parameters_error", "Missing blueprint_id in json request body");
        refused(
                deploy("d", "{\"blueprint_id\": \"x\"}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `x` was not found");
        refused(
                deploy("d", "{\"blueprint_id\": 5}"),
                400,
                "bad_parameters_error",
                "blueprint_id parameter is expected to be of type str but is of type int");
        refused(
                deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": []}"),
                400,
                "bad_parameters_error",
                "inputs parameter is expected to be of type dict but is of type list");
        refused(
                deploy("d", "{\"blueprint_id\": \"b\"}"),
                400,
                "missing_required_deployment_input_error",
                "missing inputs: size");
        refused(
                deploy("d?async_create=True", "{\"blueprint_id\": \"b\"}"),
                400,
                "missing_required_deployment_input_error",
                "missing inputs: size");
        refused(
                deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1, \"colour\": \"red\"}}"),
                400,
                "unknown_deployment_input_error",
                "Cannot create deployment - unknown inputs: colour");
        refused(
                deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}, \"site_name\": \"nowhere\"}"),
                404,
                "not_found_error",
                "Requested `Site` with ID `nowhere` was not found");
        refused(
                deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}, \"labels\": [\"x\"]}"),
                400,
                "bad_parameters_error",
                "Labels must be a list of 1-entry dictionaries");
        refused(
                deploy("d%2Fe", "{\"blueprint_id\": \"b\"}"),
                400,
                "bad_parameters_error",
                "contains illegal characters");
        assertThat(count("inventory.deployments") + count("inventory.nodes") + count("inventory.node_instances"))
                .isZero();
        assertThat(deploy("1d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}")
                        .statusCode())
                .isEqualTo(201);
        refused(
                deploy("1d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}"),
                409,
                "conflict_error",
                "<Deployment id=`1d` tenant=`t1`> already exists on <Tenant name=`t1`> or with global visibility");
    }

    @Test
    void whatTheWorkerWouldMeetFailsTheCreation() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        String start = "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}, ";
        Map<String, String> reasons = Map.of(
                "\"labels\": [{\"csys-obj-parent\": \"p\"}]",
                "cloudify_rest_client.exceptions.DeploymentParentNotFound: 404: Deployment(s) referenced by `csys-obj-parent`"
                        + " not found: p",
                "\"labels\": [{\"csys-obj-parent\": \"d\"}]",
                "cloudify_rest_client.exceptions.CloudifyClientError: 409: cyclic dependencies: d",
                "\"display_name\": \"" + "x".repeat(257) + "\"",
                "ValueError: The deployment display name is too long. Maximum allowed length is 256 characters",
                "\"display_name\": \"a\\u200bb\"",
                "ValueError: The deployment display name contains illegal characters. Control characters are not allowed");
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            // when
            Response waiting = deploy("d", start + reason.getKey() + "}");
            scheduler.executions.clear();
            Response created = deploy("d?async_create=True", start + reason.getKey() + "}");
            // then
            refused(waiting, 400, "deployment_creation_error", reason.getValue());
            assertThat(created.statusCode()).as(reason.getKey()).isEqualTo(201);
            assertThat(scheduler
                            .execution("create_deployment_environment")
                            .get("error")
                            .asText())
                    .isEqualTo(reason.getValue());
            assertThat(admin.get("/deployments/d").get("display_name").asText()).isEqualTo("d");
        }
        assertThat(count("inventory.nodes") + count("inventory.deployment_labels"))
                .isZero();
        assertThat(deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void administratorsSayWhoMadeDeploymentsAndLabelsAndWhen() throws IOException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        String origin = "\"created_by\": \"eve\", \"created_at\": \"2020-01-02T03:04:05.678Z\"";
        String body = "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}, ";
        // when, then
        refused(bob.sendJson("PUT", "/deployments/d", body + origin + "}"), 403, "forbidden_error", "set_owner");
        JsonNode made = Api.read(deploy("d", body + origin + "}").asString());
        assertThat(made.get("created_by").asText()).isEqualTo("eve");
        assertThat(made.get("created_at").asText()).isEqualTo("2020-01-02T03:04:05.678Z");
        JsonNode labelled = Api.read(admin.sendJson(
                        "PATCH",
                        "/deployments/d",
                        "{\"labels\": [{\"a\": \"b\"}], \"creator\": \"admin\", \"created_at\": \"2021-01-02T03:04:05.678Z\","
                                + " \"no_such_field\": 1}")
                .asString());
        assertThat(labelled.get("created_by").asText()).isEqualTo("admin");
        assertThat(labelled.at("/labels/0/created_by").asText()).isEqualTo("admin");
        assertThat(labelled.at("/labels/0/created_at").asText()).isEqualTo("2021-01-02T03:04:05.678Z");
        refused(
                admin.sendJson("PATCH", "/deployments/d", "{\"labels\": [], \"creator\": \"nobody\"}"),
                400,
                "bad_parameters_error",
                "User nobody does not exist.");
        refused(
                admin.sendJson("PATCH", "/deployments/d", "{\"labels\": {\"a\": \"b\"}}"),
                400,
                "bad_parameters_error",
                "Labels must be a list of 1-entry dictionaries");
    }

    @Test
    void recursiveDeletionTakesWhatIsBelow() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        String body = "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}, \"labels\": [";
        deploy("top", body + "]}");
        deploy("middle", body + "{\"csys-obj-parent\": \"top\"}]}");
        deploy("bottom", body + "{\"csys-obj-parent\": \"middle\"}]}");
        // when, then
        refused(
                admin.sendJson("DELETE", "/deployments/top", null),
                400,
                "dependent_exists_error",
                "Deployment `top` is the parent of deployment middle");
        assertThat(admin.sendJson("DELETE", "/deployments/top?recursive=True", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(count("inventory.deployments")).isZero();
        assertThat(scheduler.executions.values())
                .filteredOn(execution -> execution.path("workflow_id").asText().equals("delete_deployment_environment"))
                .hasSize(3)
                .allSatisfy(execution -> assertThat(execution.get("parameters"))
                        .isEqualTo(Api.read("{\"delete_logs\": false, \"force\": false, \"recursive\": true}")));
    }

    @Test
    void whatOnlyTheEvaluationShowsLeavesADeploymentWhoseCreationFailed() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        String tooLong =
                "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1, \"name\": \"toolong\"}, \"labels\": [{\"a\": \"b\"}]}";
        String reason = "dsl_parser.exceptions.ConstraintException: Value toolong of input name violates constraint"
                + " max_length(5) operator.";
        // when: nobody waits
        Response created = deploy("d?async_create=True", tooLong);
        // then
        assertThat(created.statusCode()).as(created.asString()).isEqualTo(201);
        JsonNode failed = scheduler.execution("create_deployment_environment");
        assertThat(failed.get("status").asText()).isEqualTo("failed");
        assertThat(failed.get("error").asText()).isEqualTo(reason);
        assertThat(failed.get("deployment_id").asText()).isEqualTo("d");
        JsonNode empty = admin.get("/deployments/d");
        assertThat(empty.get("create_execution").asText())
                .isEqualTo(failed.get("id").asText());
        assertThat(empty.get("latest_execution_status").asText()).isEqualTo("failed");
        assertThat(empty.get("deployment_status").asText()).isEqualTo("requires_attention");
        assertThat(empty.get("workflows").isNull()).isTrue();
        assertThat(empty.get("inputs").isNull()).isTrue();
        assertThat(empty.get("labels")).isEmpty();
        assertThat(count("inventory.nodes") + count("inventory.node_instances")).isZero();
        // when: somebody waits
        refused(deploy("d", tooLong), 400, "deployment_creation_error", reason);
        refused(
                deploy("e", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": \"big\"}}"),
                400,
                "deployment_creation_error",
                "Property type validation failed in 'size': the defined type is 'integer', yet it was assigned with the value"
                        + " 'big'");
        // then
        assertThat(admin.get("/deployments/e").get("latest_execution_status").asText())
                .isEqualTo("failed");
        assertThat(count("inventory.deployments")).isEqualTo(2);
        // when: again, and right
        Response again = deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        // then
        assertThat(again.statusCode()).as(again.asString()).isEqualTo(201);
        assertThat(admin.get("/deployments/d").get("latest_execution_status").asText())
                .isEqualTo("completed");
        assertThat(admin.send("DELETE", "/deployments/e", r -> r).statusCode()).isEqualTo(204);
    }

    @Test
    void aDeploymentIsTheTenantsEvenWhereItsBlueprintIsPrivate() throws IOException {
        // given
        upload(bob, "b", "?visibility=private", tarGz(SMALL));
        // when
        Response created =
                bob.sendJson("PUT", "/deployments/d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        // then
        assertThat(created.statusCode()).as(created.asString()).isEqualTo(201);
        assertThat(Api.read(created.asString()).get("visibility").asText()).isEqualTo("tenant");
    }

    @Test
    void pluginsAndSecretsMustBeThere() throws IOException, SQLException {
        // given
        String blueprint = """
                tosca_definitions_version: cloudify_dsl_1_4
                plugins: {p: {executor: central_deployment_agent, package_name: pack, package_version: '1.0'}}
                node_types: {t: {}}
                node_templates: {n: {type: t, interfaces: {i: {start: p.start}}}}
                outputs: {o: {value: {get_secret: pw}}}
                """;
        assertThat(upload(admin, "b", "", tarGz(blueprint)).statusCode()).isEqualTo(201);
        // when, then
        refused(
                deploy("d", "{\"blueprint_id\": \"b\"}"),
                400,
                "deployment_plugin_not_found",
                "Required plugin pack, version 1.0 is not installed on the manager");
        refused(
                deploy("d", "{\"blueprint_id\": \"b\", \"skip_plugins_validation\": true}"),
                400,
                "deployment_creation_error",
                "Required secrets: [pw] don't exist in this tenant");
        rows.execute(
                "INSERT INTO inventory.plugins (tenant_name, id, package_name, package_version) VALUES ('t1', 'p', 'pack',"
                        + " '1.0')");
        rows.execute("INSERT INTO inventory.secrets (tenant_name, key) VALUES ('t1', 'pw')");
        assertThat(deploy("d", "{\"blueprint_id\": \"b\"}").statusCode()).isEqualTo(201);
    }

    @Test
    void deploymentChangesAndGoes() throws IOException, SQLException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        deploy("d", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        rows.execute("INSERT INTO inventory.sites (tenant_name, name) VALUES ('t1', 'london')");
        // when, then
        JsonNode changed = Api.read(
                admin.sendJson("PATCH", "/deployments/d", "{\"labels\": [{\"a\": \"1\"}], \"display_name\": \"new\"}")
                        .asString());
        assertThat(changed.get("display_name").asText()).isEqualTo("new");
        assertThat(changed.get("labels").findValuesAsText("key")).containsExactly("a");
        refused(admin.sendJson("PATCH", "/deployments/d", "{}"), 400, "illegal_action_error", "at least one parameter");
        refused(
                admin.sendJson("PATCH", "/deployments/d", "{\"inputs\": {}}"),
                409,
                "conflict_error",
                "inputs is already set");
        assertThat(Api.read(admin.sendJson("POST", "/deployments/d/set-site", "{\"site_name\": \"london\"}")
                                .asString())
                        .get("site_name")
                        .asText())
                .isEqualTo("london");
        refused(admin.sendJson("POST", "/deployments/d/set-site", "{}"), 400, "bad_parameters_error", "detach_site");
        refused(
                admin.sendJson("POST", "/deployments/none/set-site", "{}"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `none` was not found");
        refused(
                admin.sendJson("DELETE", "/blueprints/b", null),
                400,
                "dependent_exists_error",
                "Can't delete blueprint b - There exist deployments for this blueprint; Deployments ids: d");
        rows.execute("UPDATE inventory.node_instances SET state = 'started' WHERE node_id = 'net'");
        refused(
                admin.sendJson("DELETE", "/deployments/d", null),
                400,
                "dependent_exists_error",
                "Live nodes ids: net_");
        rows.execute("UPDATE inventory.node_instances SET state = 'deleted'");
        scheduler.executions.put("t1/waiting", (ObjectNode) Api.read(
                "{\"id\": \"waiting\", \"deployment_id\": \"d\", \"status\": \"queued\", \"workflow_id\": \"nop\"}"));
        refused(
                admin.sendJson("DELETE", "/deployments/d", null),
                400,
                "dependent_exists_error",
                "There are running or queued executions for this deployment. Running executions ids: waiting");
        refused(
                admin.sendJson("DELETE", "/deployments/d?force=true", null),
                400,
                "dependent_exists_error",
                "Running executions ids: waiting");
        scheduler.executions.remove("t1/waiting");
        scheduler.executions.put("t1/later", (ObjectNode) Api.read(
                "{\"id\": \"later\", \"deployment_id\": \"d\", \"status\": \"scheduled\", \"workflow_id\": \"nop\"}"));
        scheduler.schedules.add("d/nightly");
        assertThat(admin.sendJson("DELETE", "/deployments/d?force=True&delete_logs=False&recursive=False", null)
                        .statusCode())
                .isEqualTo(204);
        assertThat(scheduler.executions.get("t1/later").path("action").asText()).isEqualTo("cancel");
        assertThat(scheduler.schedules).isEmpty();
        refused(
                admin.response("/deployments/d"),
                404,
                "not_found_error",
                "Requested `Deployment` with ID `d` was not found");
        assertThat(count("inventory.nodes") + count("inventory.node_instances") + count("inventory.deployment_labels"))
                .isZero();
        assertThat(scheduler
                        .execution("delete_deployment_environment")
                        .get("status")
                        .asText())
                .isEqualTo("terminated");
        assertThat(admin.sendJson("DELETE", "/blueprints/b", null).statusCode()).isEqualTo(204);
    }

    @Test
    void useOfAnothersCapabilityIsADependency() throws IOException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        deploy("base", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        upload(admin, "c", "", tarGz("""
                tosca_definitions_version: cloudify_dsl_1_4
                node_types: {t: {}}
                outputs: {o: {value: {concat: [a, {get_capability: [base, cap]}]}}}
                """));
        // when
        assertThat(deploy("user", "{\"blueprint_id\": \"c\"}").statusCode()).isEqualTo(201);
        // then
        JsonNode dependency = admin.items("/inter-deployment-dependencies").get(0);
        assertThat(dependency.get("dependency_creator").asText()).isEqualTo("outputs.o.value.concat[1].get_capability");
        assertThat(dependency.get("source_deployment_id").asText()).isEqualTo("user");
        assertThat(dependency.get("target_deployment_id").asText()).isEqualTo("base");
        assertThat(admin.get("/deployments/base").get("labels").findValuesAsText("value"))
                .contains("user");
        refused(
                admin.sendJson("DELETE", "/deployments/base", null),
                400,
                "dependent_exists_error",
                "the following existing installations depend on it:\n"
                        + "  [1] Deployment `user` uses capabilities of the current deployment in its node `o`");
        assertThat(admin.sendJson("DELETE", "/deployments/user", null).statusCode())
                .isEqualTo(204);
        assertThat(admin.sendJson("DELETE", "/deployments/base", null).statusCode())
                .isEqualTo(204);
    }

    @Test
    void globalDeploymentsAreNeededAcrossTenants() throws IOException {
        // given
        Api other = Api.admin(signer, "t2");
        upload(admin, "b", "?visibility=global", tarGz(SMALL));
        assertThat(deploy("base", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}, \"visibility\": \"global\"}")
                        .statusCode())
                .isEqualTo(201);
        deploy("hidden", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        deploy("user", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        upload(other, "c", "?visibility=global", tarGz("""
                tosca_definitions_version: cloudify_dsl_1_4
                node_types: {t: {}}
                outputs:
                  o: {value: {get_capability: [base, cap]}}
                  p: {value: {get_capability: [hidden, cap]}}
                """));
        // when
        assertThat(other.sendJson("PUT", "/deployments/user", "{\"blueprint_id\": \"c\"}")
                        .statusCode())
                .isEqualTo(201);
        other.sendJson("PUT", "/deployments/second", "{\"blueprint_id\": \"c\"}");
        // then
        assertThat(other.texts("/inter-deployment-dependencies?source_deployment_id=user", "target_deployment_id"))
                .containsExactly("base");
        assertThat(admin.items("/inter-deployment-dependencies")).isEmpty();
        assertThat(consumers("base")).containsExactlyInAnyOrder("user", "second");
        refused(
                admin.sendJson("DELETE", "/deployments/base", null),
                400,
                "dependent_exists_error",
                "the following existing installations depend on it:\n"
                        + "  [1] Deployment `user` uses capabilities of the current deployment in its node `o`");
        // when: one of the own tenant with that id needs it, too, and no more
        String own =
                "{\"dependency_creator\": \"c\", \"source_deployment\": \"user\", \"target_deployment\": \"base\"}";
        String uri = "/deployments/inter-deployment-dependencies";
        assertThat(admin.sendJson("PUT", uri, own).statusCode()).isEqualTo(200);
        assertThat(admin.sendJson("DELETE", uri, own).statusCode()).isEqualTo(204);
        // then
        assertThat(consumers("base")).contains("user");
        assertThat(admin.sendJson("DELETE", "/deployments/user", null).statusCode())
                .isEqualTo(204);
        assertThat(consumers("base")).containsExactlyInAnyOrder("user", "second");
        // when, then: circles over tenants are refused
        assertThat(other.sendJson("PATCH", "/deployments/user/set-visibility", "{\"visibility\": \"global\"}")
                        .statusCode())
                .isEqualTo(200);
        refused(
                admin.sendJson(
                        "PUT",
                        uri,
                        "{\"dependency_creator\": \"c\", \"source_deployment\": \"base\", \"target_deployment\": \"user\"}"),
                409,
                "conflict_error",
                "cyclic dependency between deployments base and user");
        // when
        assertThat(other.sendJson("DELETE", uri, own.replace("\"c\"", "\"outputs.o.value.get_capability\""))
                        .statusCode())
                .isEqualTo(204);
        assertThat(other.sendJson("DELETE", "/deployments/second", null).statusCode())
                .isEqualTo(204);
        // then
        assertThat(consumers("base")).isEmpty();
        assertThat(admin.sendJson("DELETE", "/deployments/base", null).statusCode())
                .isEqualTo(204);
    }

    private List<String> consumers(String deployment) {
        List<String> consumers = new ArrayList<>();
        admin.get("/deployments/" + deployment).get("labels").forEach(label -> {
            if (label.get("key").asText().equals("csys-consumer-id")) {
                consumers.add(label.get("value").asText());
            }
        });
        return consumers;
    }

    @Test
    void whoseCapabilityIsUsedMayBeSaidByAFunction() throws IOException {
        // given
        upload(admin, "b", "", tarGz(SMALL));
        deploy("base", "{\"blueprint_id\": \"b\", \"inputs\": {\"size\": 1}}");
        assertThat(admin.sendJson("PUT", "/secrets/whose", "{\"value\": \"base\"}")
                        .statusCode())
                .isEqualTo(200);
        upload(admin, "c", "", tarGz("""
                tosca_definitions_version: cloudify_dsl_1_4
                node_types: {t: {properties: {other: {default: base}, p: {default: ''}, q: {default: ''}}}}
                node_templates:
                  n:
                    type: t
                    properties:
                      p: {get_capability: [{get_attribute: [SELF, other]}, cap]}
                      q: {get_capability: [{get_attribute: [SELF, nothing]}, cap]}
                outputs: {o: {value: {get_capability: [{get_secret: whose}, cap]}}}
                """));
        // when
        assertThat(deploy("user", "{\"blueprint_id\": \"c\"}").statusCode()).isEqualTo(201);
        // then
        JsonNode dependencies = admin.items("/inter-deployment-dependencies?_sort=dependency_creator");
        assertThat(dependencies.findValuesAsText("dependency_creator"))
                .containsExactly("nodes.n.properties.p.get_capability", "outputs.o.value.get_capability");
        assertThat(dependencies.findValuesAsText("target_deployment_id")).containsExactly("base", "base");
        assertThat(dependencies.get(1).get("target_deployment_func"))
                .isEqualTo(Api.read("{\"get_secret\": \"whose\"}"));
        assertThat(admin.get("/deployments/base").get("labels").findValuesAsText("value"))
                .contains("user");
        refused(
                admin.sendJson("DELETE", "/deployments/base", null),
                400,
                "dependent_exists_error",
                "[2] Deployment `user` uses capabilities of the current deployment in its node `");
    }

    @Test
    void aTimeOfCreationThatIsNoneIsRefusedAndBlueprintsStayReadable() throws IOException {
        // given
        assertThat(upload(admin, "small", "", zip(Map.of("b/blueprint.yaml", SMALL)))
                        .statusCode())
                .isEqualTo(201);
        // when, then
        for (String time : List.of("Infinity", "never", " ", "+999999999-12-31T23:59:59Z")) {
            Response answer = admin.sendJson("PATCH", "/blueprints/small", "{\"created_at\": \"" + time + "\"}");
            assertThat(answer.statusCode()).as(time + answer.asString()).isEqualTo(400);
            assertThat(Api.read(answer.asString()).get("error_code").asText()).isEqualTo("bad_parameters_error");
        }
        assertThat(admin.texts("/blueprints", "id")).containsExactly("small");
        Response changed =
                admin.sendJson("PATCH", "/blueprints/small", "{\"created_at\": \"2020-01-02T03:04:05.678Z\"}");
        assertThat(Api.read(changed.asString()).get("created_at").asText()).isEqualTo("2020-01-02T03:04:05.678Z");
        assertThat(bob.sendJson("PATCH", "/blueprints/small", "{\"created_at\": \"2020-01-02T03:04:05.678Z\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void theUploadOfAPrivateBlueprintIsPrivateToo() throws IOException {
        for (String visibility : List.of("private", "tenant")) {
            scheduler.clear();
            byte[] archive = zip(Map.of("b/blueprint.yaml", SMALL));
            assertThat(upload(bob, visibility, "?visibility=" + visibility, archive)
                            .statusCode())
                    .isEqualTo(201);
            assertThat(scheduler
                            .execution("upload_blueprint")
                            .path("visibility")
                            .asText())
                    .isEqualTo(visibility);
        }
    }

    @Test
    void aNameThatIsTooLongToBeLookedUpIsRefused() {
        Response answer = admin.sendJson("PUT", "/sites/s", "{\"created_by\": \"" + "x".repeat(500_000) + "\"}");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
        assertThat(answer.asString()).contains("bad_parameters_error").contains("too long");
    }
}
