package io.holdfast.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.Made;
import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

/** Plugins over the running service: uploads, what blueprints make of them, installation states, deletion. */
@QuarkusTest
@QuarkusTestResource(HoldfastResources.class)
class PluginsIT extends WritesCase {

    private static final String YAML = """
            plugins:
              net: {executor: central_deployment_agent, package_name: net-plugin, package_version: '%s'}
            node_types: {net.Port: {properties: {size: {default: 1}}, interfaces: {cloudify.interfaces.lifecycle: {create: net.make}}}}
            blueprint_labels: {team: {values: [red]}}
            """;

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTime(0);
                zip.putNextEntry(entry);
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] wagon(String version) throws IOException {
        String json = """
                {"package_name": "net-plugin", "package_version": "%1$s", "archive_name": "net_plugin-%1$s-py311-none-linux_x86_64.wgn",
                 "package_source": "net-plugin==%1$s", "supported_platform": "linux_x86_64", "supported_python_versions": ["py311"],
                 "wheels": ["net_plugin-%1$s.whl"], "excluded_wheels": [],
                 "build_server_os_properties": {"distribution": "centos", "distribution_version": "7.9", "distribution_release": "core"}}
                """.formatted(version);
        return zip(
                Map.of("net-plugin/package.json", Rows.bytes(json), "net-plugin/wheels/net.whl", Rows.bytes("wheel")));
    }

    private static byte[] archive(String version) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("net_plugin-" + version + ".wgn", wagon(version));
        files.put("plugin.yaml", Rows.bytes(YAML.formatted(version)));
        return zip(files);
    }

    /** As the client does it: bytes under the content type of JSON. */
    private static Response post(Api api, String query, byte[] body) {
        return api.send(
                "POST",
                "/plugins" + query,
                request -> request.contentType("application/json").body(body));
    }

    private String upload(Api api, String query, String version) throws IOException {
        return done(post(api, query, archive(version)), 201).get("id").asText();
    }

    private int contents() throws SQLException {
        try (Statement statement = rows.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM inventory.content")) {
            row.next();
            return row.getInt(1);
        }
    }

    // --- upload

    @Test
    void ofSeveralYamlFilesTheOneForTheVersionOfTheLanguageIsAnswered() throws IOException {
        // given
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("net_plugin-3.0.wgn", wagon("3.0"));
        files.put("plugin_1_4.yaml", Rows.bytes(YAML.formatted("3.0") + "# 1_4\n"));
        files.put("plugin_1_5.yaml", Rows.bytes(YAML.formatted("3.0") + "# 1_5\n"));
        // when
        JsonNode plugin = done(post(bob, "", zip(files)), 201);
        // then
        String yaml = "/plugins/" + plugin.get("id").asText() + "/yaml";
        assertThat(bob.response(yaml).asString()).endsWith("# 1_4\n");
        assertThat(bob.response(yaml + "?dsl_version=1_5").asString()).endsWith("# 1_5\n");
        assertThat(bob.response(yaml + "?dsl_version=cloudify_dsl_1_5").asString())
                .endsWith("# 1_5\n");
        assertThat(plugin.get("yaml_files_paths")).hasSize(2);
        for (JsonNode path : plugin.get("yaml_files_paths")) {
            assertThat(bob.response("/resources/" + path.asText()).asString())
                    .endsWith("# " + path.asText().replaceAll(".*plugin_(.*)[.]yaml", "$1") + "\n");
        }
    }

    @Test
    void theArchiveIsReadAndComesBackAsItWas() throws IOException {
        // when
        byte[] archive = archive("1.2");
        JsonNode plugin = done(post(bob, "?visibility=tenant", archive), 201);
        // then
        assertThat(plugin.get("package_name").asText()).isEqualTo("net-plugin");
        assertThat(plugin.get("package_version").asText()).isEqualTo("1.2");
        assertThat(plugin.get("title").asText()).isEqualTo("net-plugin");
        assertThat(plugin.get("distribution").asText()).isEqualTo("centos");
        assertThat(plugin.get("supported_platform").asText()).isEqualTo("linux_x86_64");
        assertThat(plugin.at("/supported_py_versions/0").asText()).isEqualTo("py311");
        assertThat(plugin.at("/wheels/0").asText()).isEqualTo("net_plugin-1.2.whl");
        assertThat(plugin.get("blueprint_labels")).isEqualTo(Api.read("{\"team\": [\"red\"]}"));
        assertThat(plugin.get("yaml_url_path").asText()).isEqualTo("plugin:net-plugin?version=1.2&distribution=centos");
        assertThat(plugin.get("created_by").asText()).isEqualTo("bob");
        assertThat(plugin.get("installation_state")).isEmpty();
        String id = plugin.get("id").asText();
        assertThat(plugin.at("/yaml_files_paths/0").asText()).isEqualTo("plugins/" + id + "/plugin.yaml");
        assertThat(eve.response("/plugins/" + id + "/archive?full_archive=true").asByteArray())
                .isEqualTo(archive);
        Response wagon = eve.response("/plugins/" + id + "/archive");
        assertThat(wagon.asByteArray()).isEqualTo(wagon("1.2"));
        assertThat(wagon.header("Content-Disposition")).contains("net_plugin-1.2-py311-none-linux_x86_64.wgn");
        assertThat(eve.response("/plugins/" + id + "/yaml").asString()).isEqualTo(YAML.formatted("1.2"));
        assertThat(eve.texts("/plugins?package_name=net-plugin&_sort=uploaded_at", "id"))
                .containsExactly(id);
        // then: the file server has both under the names that the plugin tells
        String files = "/resources/plugins/" + id;
        assertThat(eve.response(files + "/" + plugin.get("archive_name").asText())
                        .asByteArray())
                .isEqualTo(wagon("1.2"));
        assertThat(eve.response("/resources/" + plugin.at("/yaml_files_paths/0").asText())
                        .asString())
                .isEqualTo(YAML.formatted("1.2"));
        refused(
                eve.response(files + "/other.wgn"),
                404,
                "not_found_error",
                "the wagon of plugin `" + id + "` is `net_plugin-1.2-py311-none-linux_x86_64.wgn`");
        refused(stranger.response(files + "/other.wgn"), 404, "not_found_error", id);
    }

    @Test
    void formsUrlsAndBareWagonsAreTaken() throws IOException {
        // given
        byte[] archive = archive("2.0");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/p.zip", exchange -> {
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.start();
        String url = "http://localhost:" + server.getAddress().getPort();
        try {
            // when, then
            Response posted = post(bob, "?title=Bare", wagon("1.0"));
            JsonNode bare = done(posted, 201);
            assertThat(posted.header(Made.HEADER)).isEqualTo(bare.get("id").asText());
            assertThat(bare.get("title").asText()).isEqualTo("Bare");
            assertThat(bare.get("yaml_files_paths")).isEmpty();
            JsonNode form = done(bob.send("POST", "/plugins?private_resource=True", r -> formOf(r, "1.1")), 201);
            assertThat(form.get("visibility").asText()).isEqualTo("private");
            done(admin.send("POST", "/plugins?plugin_archive_url=" + url + "/p.zip", r -> r), 201);
            refused(
                    admin.send("POST", "/plugins?plugin_archive_url=" + url + "/none", r -> r),
                    400,
                    "param_url_not_found_error",
                    "answered 404");
            refused(
                    bob.send("POST", "/plugins?plugin_archive_url=file:///etc/passwd", r -> r),
                    400,
                    "bad_parameters_error",
                    "Invalid URL");
            refused(
                    post(bob, "?plugin_archive_url=" + url + "/p.zip", archive),
                    400,
                    "bad_parameters_error",
                    "only one of");
            refused(
                    bob.send("POST", "/plugins", r -> r.contentType("application/json")),
                    400,
                    "bad_parameters_error",
                    "Missing plugin archive");
        } finally {
            server.stop(0);
        }
        assertThat(bob.items("/plugins")).hasSize(3);
    }

    private static io.restassured.specification.RequestSpecification formOf(
            io.restassured.specification.RequestSpecification request, String version) {
        try {
            return request.multiPart("plugin_archive", "p.zip", archive(version));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] caravan(String metadata, Map<String, byte[]> files) throws IOException {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("plugins/METADATA", Rows.bytes(metadata));
        files.forEach((name, bytes) -> all.put("plugins/" + name, bytes));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void aCaravanBringsAllItsPluginsOrNone() throws IOException, SQLException {
        // given
        String metadata = "net/one.wgn: net/one.yaml\nnet/two.wgn: net/two.yaml\n";
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("net/one.yaml", Rows.bytes(YAML.formatted("1.0")));
        files.put("net/one.wgn", wagon("1.0"));
        files.put("net/two.wgn", wagon("2.0"));
        // when
        refused(
                post(bob, "", caravan(metadata, files)),
                400,
                "invalid_plugin_error",
                "the caravan has no file net/two.yaml, which its METADATA names");
        refused(
                post(bob, "", caravan("net/one.wgn: [net/one.yaml]\n", files)),
                400,
                "invalid_plugin_error",
                "the caravan's METADATA has something else than lines `WAGON: YAML`, both names of files");
        assertThat(bob.items("/plugins")).isEmpty();
        files.put("net/two.yaml", Rows.bytes(YAML.formatted("2.0")));
        JsonNode list = done(post(bob, "?visibility=tenant", caravan(metadata, files)), 201);
        // then
        assertThat(list.get("items").findValuesAsText("package_version")).containsExactly("1.0", "2.0");
        assertThat(list.at("/metadata/pagination/total").asInt()).isEqualTo(2);
        String id = list.at("/items/1/id").asText();
        assertThat(bob.response("/plugins/" + id + "/archive").asByteArray()).isEqualTo(wagon("2.0"));
        assertThat(bob.response("/plugins/" + id + "/yaml").asString()).contains("2.0");
        // one of them is there already: none is kept
        int kept = contents();
        String more = metadata + "net/three.wgn: net/two.yaml\n";
        files.put("net/three.wgn", wagon("3.0"));
        assertThat(post(bob, "", caravan(more, files)).statusCode()).isEqualTo(409);
        assertThat(bob.items("/plugins")).hasSize(2);
        assertThat(contents()).isEqualTo(kept);
    }

    @Test
    void whatIsNoPluginIsRefusedAndNothingIsKept() throws IOException, SQLException {
        refused(
                post(bob, "", Rows.bytes("hello")),
                400,
                "invalid_plugin_error",
                "input can be only a wagon or a zip file.");
        refused(
                post(bob, "", zip(Map.of("plugin.yaml", Rows.bytes("plugins: {}")))),
                400,
                "invalid_plugin_error",
                "Archive must include one wgn file and at least one yaml file");
        refused(
                post(bob, "", zip(Map.of("a.wgn", wagon("1"), "b.wgn", wagon("2")))),
                400,
                "invalid_plugin_error",
                "Archive must include one wgn file and at least one yaml file");
        refused(
                post(bob, "", zip(Map.of("a.wgn", wagon("1")))),
                400,
                "invalid_plugin_error",
                "Archive must include one wgn file and at least one yaml file");
        refused(
                post(bob, "", zip(Map.of("a.wgn", Rows.bytes("no wagon"), "plugin.yaml", Rows.bytes("plugins: {}")))),
                400,
                "invalid_plugin_error",
                "wagon");
        refused(
                post(bob, "", zip(Map.of("p/package.json", Rows.bytes("{")))),
                400,
                "invalid_plugin_error",
                "package.json is not readable JSON");
        refused(
                post(bob, "", zip(Map.of("p/package.json", Rows.bytes("{}")))),
                400,
                "invalid_plugin_error",
                "the wagon's package.json has no package_name");
        refused(post(bob, "", new byte[] {0x1f, (byte) 0x8b, 1, 2, 3, 4}), 400, "invalid_plugin_error", "");
        refused(post(bob, "", new byte[] {'P', 'K', 3, 4, 1, 2, 3, 4}), 400, "invalid_plugin_error", "");
        refused(
                post(bob, "", zip(Map.of("a.wgn", wagon("1"), "plugin.yaml", Rows.bytes("a: [")))),
                400,
                "invalid_plugin_error",
                "plugin.yaml is not readable YAML");
        refused(post(bob, "?visibility=wide", archive("1")), 400, "bad_parameters_error", "Invalid visibility: `wide`");
        refused(post(bob, "?visibility=global", archive("1")), 403, "forbidden_error", "create_global_resource");
        refused(post(bob, "?id=mine", archive("1")), 403, "forbidden_error", "User `bob` is not permitted");
        refused(post(bob, "?created_by=eve", archive("1")), 403, "forbidden_error", "set_owner");
        refused(
                post(admin, "?id=a%2Fb", archive("1")),
                400,
                "bad_parameters_error",
                "The `id` argument contains illegal characters");
        assertThat(bob.items("/plugins")).isEmpty();
        assertThat(contents()).isZero();
    }

    @Test
    void theSameArchiveIsRefusedInItsTenantAndBesideAGlobalOne() throws IOException {
        String id = upload(bob, "", "1.0");
        refused(
                post(eve, "", archive("1.0")),
                409,
                "conflict_error",
                "a plugin archive by the name of net_plugin-1.0-py311-none-linux_x86_64.wgn already exists for package with name net-plugin and version 1.0");
        String theirs = upload(stranger, "", "1.0");
        refused(
                admin.sendJson("PATCH", "/plugins/" + id + "/set-visibility", "{\"visibility\": \"global\"}"),
                409,
                "conflict_error",
                "its visibility can't be global because it also exists in other tenants");
        done(stranger.sendJson("DELETE", "/plugins/" + theirs, "{\"force\": false}"), 204);
        refused(
                bob.sendJson("PATCH", "/plugins/" + id + "/set-visibility", "{\"visibility\": \"global\"}"),
                403,
                "forbidden_error",
                "create_global_resource");
        done(admin.sendJson("PATCH", "/plugins/" + id + "/set-visibility", "{\"visibility\": \"global\"}"), 200);
        refused(post(stranger, "", archive("1.0")), 409, "conflict_error", "already exists for package");
        refused(
                stranger.sendJson("DELETE", "/plugins/" + id, "{\"force\": true}"),
                400,
                "illegal_action_error",
                "Can't modify the global resource `" + id + "` from outside its tenant `t1`");
    }

    @Test
    void labelsOfAPluginAreListsOfValues() throws IOException {
        for (String wrong : List.of(
                "blueprint_labels: {arch: no values}",
                "blueprint_labels: {arch: {values: one text}}",
                "labels: {arch: [k8s]}",
                "labels: [arch]")) {
            refused(
                    post(
                            bob,
                            "",
                            zip(Map.of(
                                    "net_plugin-1.0-py311-none-linux_x86_64.wgn",
                                    wagon("1.0"),
                                    "plugin.yaml",
                                    Rows.bytes(wrong)))),
                    400,
                    "invalid_plugin_error",
                    "plugin.yaml has ");
        }
        assertThat(bob.items("/plugins")).isEmpty();
    }

    // --- blueprints

    @Test
    void blueprintsImportTheNewestThatTheySeeAndKeepItFromDeletion() throws IOException, SQLException {
        // given
        upload(bob, "", "1.9");
        String newest = upload(bob, "", "1.10");
        upload(eve, "?visibility=private", "3.0");
        upload(stranger, "", "4.0");
        String blueprint = """
                tosca_definitions_version: cloudify_dsl_1_4
                imports: ['plugin:net-plugin']
                node_templates: {port: {type: net.Port}}
                """;
        // when
        Response made = bob.send(
                "PUT",
                "/blueprints/b?application_file_name=blueprint.yaml",
                r -> r.contentType("application/json").body(Rows.bytes(blueprint)));
        // then
        JsonNode plan = done(made, 201).get("plan");
        assertThat(plan.at("/deployment_plugins_to_install/0/package_version").asText())
                .isEqualTo("1.10");
        refused(
                bob.sendJson("DELETE", "/plugins/" + newest, "{\"force\": false}"),
                405,
                "plugin_in_use",
                "Plugin \"" + newest
                        + "\" is currently in use in blueprints: b. You can \"force\" plugin removal if needed.");
        done(bob.sendJson("DELETE", "/plugins/" + newest, "{\"force\": true}"), 204);
        assertThat(bob.items("/plugins")).hasSize(1);
    }

    @Test
    void blueprintsImportTheFileOfAPluginThatIsForTheirVersionOfTheLanguage() throws IOException {
        // given
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("net_plugin-3.0.wgn", wagon("3.0"));
        files.put("plugin_1_5.yaml", Rows.bytes(YAML.formatted("3.0") + "labels: {of: {values: [newest]}}\n"));
        files.put("plugin.yaml", Rows.bytes(YAML.formatted("3.0") + "labels: {of: {values: [any]}}\n"));
        done(post(bob, "", zip(files)), 201);
        // then
        for (String version : List.of("1_4 any", "1_5 newest")) {
            String[] expected = version.split(" ");
            Response made = bob.send(
                    "PUT",
                    "/blueprints/b" + expected[0] + "?application_file_name=blueprint.yaml",
                    r -> r.contentType("application/json").body(Rows.bytes(PORT.replace("1_4", expected[0]))));
            assertThat(done(made, 201).at("/plan/labels/of/values/0").asText())
                    .as(version)
                    .isEqualTo(expected[1]);
        }
    }

    private static final String PORT = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: ['plugin:net-plugin']
            node_templates: {port: {type: net.Port}}
            """;

    @Test
    void pluginsOfABlueprintAndItsDeploymentsAreUpdated() throws IOException {
        // given
        upload(bob, "", "1.0");
        upload("b", PORT);
        deploy("d", "b");
        // when: there is nothing newer
        JsonNode none =
                done(bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{\"all_to_latest\": true}"), 200);
        // then
        assertThat(none.get("state").asText()).isEqualTo("no_changes_required");
        assertThat(none.get("deployments_to_update").isNull()).isTrue();
        assertThat(none.get("deployments_per_tenant").isNull()).isTrue();
        assertThat(none.get("temp_blueprint_id").isNull()).isTrue();
        JsonNode over = scheduler.execution("update_plugin");
        assertThat(none.get("execution_id")).isEqualTo(over.get("id"));
        assertThat(over.get("status").asText()).isEqualTo("terminated");
        assertThat(over.get("created_by").asText()).isEqualTo("bob");
        // given
        upload(bob, "", "1.1");
        upload(bob, "", "2.0");
        scheduler.executions.clear();
        // when
        JsonNode update = done(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{\"all_to_minor\": true, \"force\": true}"),
                200);
        // then
        String id = update.get("id").asText();
        String copy = update.get("temp_blueprint_id").asText();
        assertThat(update.get("state").asText()).isEqualTo("executing_workflow");
        assertThat(update.get("forced").asBoolean()).isTrue();
        assertThat(update.get("deployments_to_update").isNull()).isTrue();
        assertThat(update.get("deployments_per_tenant")).isEqualTo(Api.read("{\"t1\": [\"d\"]}"));
        assertThat(copy).startsWith("plugins-update-").endsWith("-b");
        JsonNode execution = scheduler.execution("update_plugin");
        assertThat(execution.get("parameters"))
                .as("each parameter of the workflow that workers run, as it has no defaults for them")
                .isEqualTo(Api.read("{\"update_id\": \"" + id + "\", \"deployments_to_update\": null,"
                        + " \"deployments_per_tenant\": {\"t1\": [\"d\"]}, \"temp_blueprint_id\": \"" + copy + "\","
                        + " \"force\": true, \"auto_correct_types\": false, \"reevaluate_active_statuses\": false}"));
        assertThat(execution.get("is_system_workflow").asBoolean()).isTrue();
        JsonNode hidden = admin.get("/blueprints/" + copy);
        assertThat(hidden.at("/plan/deployment_plugins_to_install/0/package_version")
                        .asText())
                .isEqualTo("1.1");
        assertThat(hidden.get("is_hidden").asBoolean()).isTrue();
        assertThat(bob.texts("/blueprints", "id")).containsExactly("b");
        assertThat(bob.response("/blueprints/" + copy + "/archive").statusCode())
                .isEqualTo(200);
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{}"),
                409,
                "conflict_error",
                "There are plugins updates still active, update IDs: " + id);
        // when: the workflow brought the deployment over
        Api worker = worker("update");
        done(worker.sendJson("PATCH", "/deployments/d", "{\"blueprint_id\": \"" + copy + "\"}"), 200);
        JsonNode ended = done(
                bob.send("POST", "/plugins-updates/" + id + "/update/finalize", r -> r.contentType("application/json")),
                200);
        // then
        assertThat(ended.get("state").asText()).isEqualTo("successful");
        assertThat(bob.get("/deployments/d").get("blueprint_id").asText()).isEqualTo("b");
        assertThat(bob.get("/blueprints/b")
                        .at("/plan/deployment_plugins_to_install/0/package_version")
                        .asText())
                .isEqualTo("1.1");
        assertThat(bob.response("/blueprints/" + copy).statusCode()).isEqualTo(404);
        refused(
                bob.sendJson("POST", "/plugins-updates/" + id + "/update/finalize", "{}"),
                400,
                "illegal_action_error",
                "Cannot finalize plugins update " + id + ", it's not in the executing_workflow state.");
        assertThat(bob.texts("/plugins-updates?blueprint_id=b&_sort=created_at", "state"))
                .containsExactly("no_changes_required", "successful");
    }

    @Test
    void aPluginsUpdateFailsWithItsExecutionAndLeavesTheBlueprint() throws IOException {
        // given
        upload(bob, "", "1.0");
        upload("b", PORT);
        deploy("d", "b");
        upload(bob, "", "1.5");
        scheduler.refuses = true;
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{}"),
                503,
                "service_unavailable_error",
                "refuses");
        scheduler.refuses = false;
        assertThat(bob.items("/plugins-updates")).isEmpty();
        assertThat(admin.items("/blueprints?is_hidden=true")).isEmpty();
        // when
        String id = done(bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{}"), 200)
                .get("id")
                .asText();
        scheduler.execution("update_plugin").put("status", "failed");
        // then
        refused(
                bob.sendJson("POST", "/plugins-updates/" + id + "/update/finalize", "{}"),
                400,
                "plugins_update_failed",
                "The execution of plugins update " + id + " failed.");
        assertThat(bob.get("/plugins-updates/" + id).get("state").asText()).isEqualTo("failed");
        assertThat(bob.get("/deployments/d").get("blueprint_id").asText()).isEqualTo("b");
        assertThat(admin.items("/blueprints?is_hidden=true")).isEmpty();
        // when: a deployment stays behind
        scheduler.executions.clear();
        String second = done(bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{}"), 200)
                .get("id")
                .asText();
        scheduler.execution("update_plugin").put("status", "started");
        refused(
                bob.sendJson("POST", "/plugins-updates/" + second + "/update/finalize", "{}"),
                400,
                "plugins_update_failed",
                "The execution of plugins update " + second + " started.");
        assertThat(bob.get("/blueprints/b")
                        .at("/plan/deployment_plugins_to_install/0/package_version")
                        .asText())
                .isEqualTo("1.0");
        // when: nobody ended an update whose execution is over
        scheduler.executions.clear();
        String third = done(bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{}"), 200)
                .get("id")
                .asText();
        scheduler.execution("update_plugin").put("status", "cancelled");
        String fourth = done(
                        bob.sendJson(
                                "POST", "/plugins-updates/b/update/initiate", "{\"reevaluate_active_statuses\": true}"),
                        200)
                .get("temp_blueprint_id")
                .asText();
        assertThat(bob.get("/plugins-updates/" + third).get("state").asText()).isEqualTo("failed");
        assertThat(admin.texts("/blueprints?is_hidden=true", "id")).containsExactly(fourth);
        // what is refused
        refused(
                bob.sendJson("POST", "/plugins-updates/nope/update/initiate", "{}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `nope` was not found");
        refused(
                stranger.sendJson("POST", "/plugins-updates/b/update/initiate", "{}"),
                404,
                "not_found_error",
                "Requested `Blueprint` with ID `b` was not found");
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/begin", "{}"),
                400,
                "bad_parameters_error",
                "expected initiate or finalize");
        refused(
                bob.sendJson("POST", "/plugins-updates/nope/update/finalize", "{}"),
                404,
                "not_found_error",
                "Requested `PluginsUpdate` with ID `nope` was not found");
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{\"plugin_names\": \"x\"}"),
                400,
                "bad_parameters_error",
                "plugin_names parameter is expected to be of type list but is of type str");
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", "{\"all_tenants\": true}"),
                403,
                "forbidden_error",
                "all_tenants");
        refusesHostileBodies(bob, "POST", "/plugins-updates/b/update/initiate");
    }

    @Test
    void pluginsUpdatesAreCarriedOver() throws IOException {
        // given
        upload(bob, "", "1.0");
        upload("b", PORT);
        String old = "{\"update_id\": \"u\", \"state\": \"successful\", \"created_at\": \"2020-01-02T03:04:05.678Z\","
                + " \"affected_deployments\": [\"d\"], \"deployments_per_tenant\": {\"t1\": [\"d\"]}, \"force\": true}";
        // when
        JsonNode carried = done(admin.sendJson("POST", "/plugins-updates/b/update/initiate", old), 200);
        // then
        assertThat(carried.get("id").asText()).isEqualTo("u");
        assertThat(carried.get("created_at").asText()).isEqualTo("2020-01-02T03:04:05.678Z");
        assertThat(carried.get("deployments_to_update")).isEqualTo(Api.read("[\"d\"]"));
        assertThat(carried.at("/deployments_per_tenant/t1/0").asText()).isEqualTo("d");
        assertThat(carried.get("forced").asBoolean()).isTrue();
        assertThat(scheduler.executions.values())
                .noneMatch(execution -> execution.path("workflow_id").asText().equals("update_plugin"));
        refused(
                admin.sendJson("POST", "/plugins-updates/b/update/initiate", old),
                409,
                "conflict_error",
                "<PluginsUpdate id=`u` tenant=`t1`> already exists");
        refused(
                bob.sendJson("POST", "/plugins-updates/b/update/initiate", old),
                403,
                "forbidden_error",
                "set_plugin_update_details");
        refused(
                admin.sendJson("POST", "/plugins-updates/b/update/initiate", "{\"update_id\": \"v\"}"),
                400,
                "bad_parameters_error",
                "State must be supplied when overriding plugin update settings.");
        refused(
                admin.sendJson(
                        "POST",
                        "/plugins-updates/b/update/initiate",
                        "{\"state\": \"failed\", \"execution_id\": \"nope\"}"),
                404,
                "not_found_error",
                "Requested `Execution`");
    }

    @Test
    void deletionTakesTheContentAndWantsABody() throws IOException, SQLException {
        String id = upload(bob, "", "1.0");
        assertThat(contents()).isEqualTo(2);
        refused(
                bob.send(
                        "DELETE",
                        "/plugins/" + id,
                        r -> r.contentType("text/plain").body("x")),
                415,
                "unsupported_content_type_error",
                "Content type must be application/json");
        refused(
                bob.send("DELETE", "/plugins/" + id, r -> r),
                415,
                "unsupported_content_type_error",
                "Content type must be application/json");
        refused(
                bob.sendJson("DELETE", "/plugins/" + id, null),
                400,
                "bad_parameters_error",
                "the request body is empty, expected a JSON object");
        refused(
                bob.sendJson("DELETE", "/plugins/" + id, "{\"force\": \"maybe\"}"),
                400,
                "bad_parameters_error",
                "force must be <true/false>, got maybe");
        refused(
                stranger.sendJson("DELETE", "/plugins/" + id, "{\"force\": true}"),
                404,
                "not_found_error",
                "Requested `Plugin` with ID `" + id + "` was not found");
        done(bob.sendJson("DELETE", "/plugins/" + id, "{\"force\": false}"), 204);
        assertThat(contents()).isZero();
    }

    // --- installation

    @Test
    void managersAndAgentsSayHowFarTheyAre() throws IOException, SQLException {
        // given
        String id = upload(bob, "", "1.0");
        rows.execute(
                "INSERT INTO inventory.agents (tenant_name, id, name, node_instance_id) VALUES ('t1', 'a1', 'agent1', 'ni')");
        // when
        JsonNode asked = done(
                bob.sendJson(
                        "POST",
                        "/plugins/" + id,
                        "{\"action\": \"install\", \"managers\": [\"m1\"], \"agents\": [\"agent1\"]}"),
                200);
        // then
        assertThat(asked.get("installation_state").findValuesAsText("state")).containsExactly("error", "error");
        assertThat(asked.at("/installation_state/0/error").asText())
                .startsWith("nothing here installs plugins: ")
                .contains("docs/cloudify-bridge.md", "PUT /plugins/ID");
        done(bob.sendJson("PUT", "/plugins/" + id, "{\"manager\": \"m1\", \"state\": \"installed\"}"), 200);
        JsonNode again =
                done(bob.sendJson("POST", "/plugins/" + id, "{\"action\": \"install\", \"managers\": [\"m1\"]}"), 200);
        assertThat(again.get("installation_state").findValuesAsText("state")).containsExactly("error", "installed");
        JsonNode said = done(
                bob.sendJson(
                        "PUT",
                        "/plugins/" + id,
                        "{\"agent\": \"agent1\", \"state\": \"error\", \"error\": \"no space\"}"),
                200);
        assertThat(said.at("/installation_state/0").toString())
                .isEqualTo("{\"agent\":null,\"error\":null,\"state\":\"installed\",\"manager\":\"m1\"}");
        assertThat(said.at("/installation_state/1/error").asText()).isEqualTo("no space");
        assertThat(said.get("installation_state")).hasSize(2);
        refused(
                bob.sendJson("PUT", "/plugins/" + id, "{\"manager\": \"m1\", \"state\": \"there\"}"),
                409,
                "storage_error",
                "invalid plugin installation state: \"there\"");
        refused(
                bob.sendJson("PUT", "/plugins/" + id, "{\"state\": \"installed\"}"),
                409,
                "conflict_error",
                "Expected agent or manager, got none");
        refused(
                bob.sendJson(
                        "PUT", "/plugins/" + id, "{\"agent\": \"a\", \"manager\": \"m\", \"state\": \"installed\"}"),
                409,
                "conflict_error",
                "Expected agent or manager, got both");
        refused(
                bob.sendJson("PUT", "/plugins/" + id, "{\"agent\": \"nobody\", \"state\": \"installed\"}"),
                404,
                "not_found_error",
                "Requested `Agent` with ID `None` was not found (filters: {'name': 'nobody'})");
        refused(
                bob.sendJson("PUT", "/plugins/" + id, "{\"manager\": \"nobody\", \"state\": \"installed\"}"),
                404,
                "not_found_error",
                "Requested `Manager` with ID `None` was not found (filters: {'hostname': 'nobody'})");
        refused(
                bob.sendJson("POST", "/plugins/" + id, "{\"action\": \"install\", \"managers\": [\"m1\", \"own\"]}"),
                404,
                "not_found_error",
                "Cannot install: requested managers do not exist: own");
        Api worker = new Api(
                signer,
                new CallerIdentity("bob", false, "t1", List.of("t1"), List.of("user"), "plugin_token", Instant.EPOCH));
        done(worker.sendJson("PUT", "/plugins/" + id, "{\"manager\": \"own\", \"state\": \"installed\"}"), 200);
        done(bob.sendJson("PUT", "/plugins/" + id, "{\"manager\": \"own\", \"state\": \"uninstalled\"}"), 200);
        refused(
                bob.sendJson(
                        "POST", "/plugins/" + id, "{\"action\": \"install\", \"agents\": [\"agent1\", \"x\", \"y\"]}"),
                404,
                "not_found_error",
                "Cannot install: requested agents do not exist: x, y");
        refused(bob.sendJson("POST", "/plugins/" + id, "{\"action\": \"dance\"}"), 400, "unknown_action", "dance");
        refused(
                bob.sendJson("POST", "/plugins/" + id, "{}"),
                400,
                "bad_parameters_error",
                "Missing action in json request body");
        refusesHostileBodies(bob, "POST", "/plugins/" + id);
        refusesHostileBodies(bob, "PUT", "/plugins/" + id);
        refusesHostileBodies(bob, "PATCH", "/plugins/" + id);
        refusesHostileBodies(bob, "DELETE", "/plugins/" + id);
        JsonNode changed =
                done(bob.sendJson("PATCH", "/plugins/" + id, "{\"labels\": {\"a\": {\"values\": [\"b\"]}}}"), 200);
        assertThat(changed.at("/labels/a/values/0").asText()).isEqualTo("b");
        refused(bob.sendJson("PATCH", "/plugins/" + id, "{\"creator\": \"eve\"}"), 403, "forbidden_error", "set_owner");
    }
}
