package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.holdfast.inventory.language.yaml.SnakeYamlReader;
import io.holdfast.testsupport.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlansTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String STANDARD = """
            tosca_definitions_version: cloudify_dsl_1_4
            imports: [cloudify/types/types.yaml]
            """;

    private static JsonNode plan(Files files) {
        return JSON.valueToTree(BadBlueprintsTest.parse(files).data());
    }

    @Test
    void smallBlueprintHasItsGoldenPlan() throws IOException {
        // when
        JsonNode plan = plan(Files.of(BadBlueprintsTest.text("right/small.yaml")));
        // then
        assertThat(sorted(plan)).isEqualTo(sorted(JSON.readTree(BadBlueprintsTest.text("right/small.json"))));
    }

    /** The same text for equal trees, with readable differences; numbers compare by their text. */
    private static String sorted(JsonNode node) throws IOException {
        ObjectMapper mapper = new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
        return mapper.writeValueAsString(mapper.treeToValue(node, Object.class));
    }

    @Test
    void planOfAGenuineBlueprintEqualsTheGenuinePlan() throws IOException {
        // given
        Path archive = Fixtures.require("real_7x_flat_easy.zip");
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            JsonNode blueprint = JSON.readTree(zip.getInputStream(zip.getEntry("tenants/shared/00000003.json")))
                    .at("/items/0");
            byte[] tar = zip.getInputStream(zip.getEntry("tenants/shared/blueprints/common_bp.tar.gz"))
                    .readAllBytes();
            // when
            JsonNode plan = plan(unpacked(tar));
            // then
            assertThat(sorted(plan)).isEqualTo(sorted(blueprint.get("plan")));
        }
    }

    private static Files unpacked(byte[] tarGz) throws IOException {
        Files files = new Files();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GzipCompressorInputStream(new ByteArrayInputStream(tarGz)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    files.with(entry.getName().substring(entry.getName().indexOf('/') + 1), tar.readAllBytes());
                }
            }
        }
        return files;
    }

    @Test
    void shippedTypesMakeAPlanWithHostsPluginsAndWorkflows() {
        // given
        Files files = Files.of(STANDARD + """
                        node_templates:
                          vm:
                            type: cloudify.nodes.Compute
                            properties: {agent_config: {install_method: none}}
                          app:
                            type: cloudify.nodes.WebServer
                            interfaces:
                              cloudify.interfaces.lifecycle:
                                start: scripts/start.sh
                                create: {implementation: scripts/start.sh, executor: central_deployment_agent}
                            relationships: [{type: cloudify.relationships.contained_in, target: vm}]
                        """).with("scripts/start.sh", "echo");
        // when
        JsonNode plan = plan(files);
        // then
        JsonNode vm = plan.at("/nodes/0");
        JsonNode app = plan.at("/nodes/1");
        assertThat(vm.get("host_id").asText()).isEqualTo("vm");
        assertThat(app.get("host_id").asText()).isEqualTo("vm");
        assertThat(vm.at("/properties/agent_config/port").asInt()).isEqualTo(22);
        assertThat(vm.at("/properties/agent_config/install_method").asText()).isEqualTo("none");
        assertThat(app.at("/type_hierarchy").toString())
                .isEqualTo(
                        "[\"cloudify.nodes.Root\",\"cloudify.nodes.SoftwareComponent\",\"cloudify.nodes.WebServer\"]");
        JsonNode start = app.at("/operations/cloudify.interfaces.lifecycle.start");
        assertThat(start.get("plugin").asText()).isEqualTo("script");
        assertThat(start.get("operation").asText()).isEqualTo("script_runner.tasks.run");
        assertThat(start.get("executor").asText()).isEqualTo("auto");
        assertThat(start.at("/inputs/script_path").asText()).isEqualTo("scripts/start.sh");
        assertThat(app.get("operations").has("configure")).isTrue();
        assertThat(app.get("operations").has("start")).as("in two interfaces").isFalse();
        assertThat(vm.get("plugins_to_install").findValuesAsText("name")).containsExactly("agent");
        assertThat(app.get("plugins").findValuesAsText("name")).containsExactly("script", "script");
        assertThat(app.get("plugins").findValuesAsText("executor"))
                .containsExactlyInAnyOrder("auto", "central_deployment_agent");
        assertThat(app.get("deployment_plugins_to_install").findValuesAsText("name"))
                .containsExactly("script");
        assertThat(plan.get("workflows").has("update")).isTrue();
        assertThat(plan.at("/workflows/execute_operation/plugin").asText()).isEqualTo("default_workflows");
        assertThat(plan.at("/workflows/execute_operation/parameters/operation").size())
                .isZero();
        assertThat(plan.at("/workflow_plugins_to_install/0/name").asText()).isEqualTo("default_workflows");
        assertThat(plan.at("/policy_types/cloudify.policies.types.ewma_stabilized/properties/service/default")
                        .asText())
                .isEqualTo("service");
    }

    @Test
    void filesMayImportEachOther() {
        // when
        JsonNode plan = plan(new Files()
                .with("blueprint.yaml", """
                        tosca_definitions_version: cloudify_dsl_1_4
                        imports: [a.yaml, ns--a.yaml]
                        node_templates: {one: {type: a}, two: {type: ns--b}}
                        """)
                .with("a.yaml", "imports: [b.yaml]\nnode_types: {a: {}}")
                .with("b.yaml", "imports: [a.yaml]\nnode_types: {b: {derived_from: a}}"));
        // then
        assertThat(plan.at("/nodes/0/type_hierarchy")).hasToString("[\"a\"]");
        assertThat(plan.at("/nodes/1/type_hierarchy")).hasToString("[\"ns--a\",\"ns--b\"]");
    }

    @Test
    void importsAreFoundBesideTheImportingFileAndFromTheTop() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_3
                        imports: [types/a.yaml]
                        node_templates: {n: {type: b}, m: {type: c}}
                        """)
                .with("types/a.yaml", "imports: [b.yaml, common/c.yaml]\nnode_types: {a: {}}")
                .with("types/b.yaml", "imports: [../common/c.yaml]\nnode_types: {b: {derived_from: a}}")
                .with("common/c.yaml", "node_types: {c: {}}");
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(plan.at("/nodes/0/type_hierarchy").toString()).isEqualTo("[\"a\",\"b\"]");
    }

    @Test
    void namespacesPrefixWhatAnImportDefinesAndItsReferences() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_4
                        imports:
                          - ns--blueprint:other
                          - in--parts.yaml
                          - plugin:plug?version=>=1.0
                        node_templates: {mine: {type: ns--t, properties: {p: {get_property: [in--web, size]}}}}
                        outputs: {o: {value: {get_property: [ns--n, p]}}}
                        """).with("parts.yaml", """
                        imports: [cloudify/types/types.yaml]
                        plugins: {worker: {executor: central_deployment_agent, install: false}}
                        node_types:
                          my.Web:
                            derived_from: cloudify.nodes.Root
                            properties: {size: {type: shirt}}
                        data_types: {shirt: {properties: {letter: {default: L}}}}
                        inputs: {colour: {default: red}}
                        node_templates:
                          web:
                            type: my.Web
                            properties: {size: {letter: {get_input: colour}}}
                            interfaces: {cloudify.interfaces.lifecycle: {create: worker.tasks.create}}
                          top:
                            type: cloudify.nodes.Root
                            relationships: [{type: cloudify.relationships.depends_on, target: web}]
                        outputs: {out: {value: {get_attribute: [web, ip]}}}
                        groups: {all: {members: [web, top]}}
                        policies: {p: {type: cloudify.policies.scaling, targets: [all]}}
                        workflows: {w: worker.flow}
                        """);
        // when
        JsonNode plan = plan(files);
        // then
        JsonNode web = node(plan, "in--web");
        assertThat(web.get("type").asText()).isEqualTo("in--my.Web");
        assertThat(web.at("/type_hierarchy/0").asText()).isEqualTo("cloudify.nodes.Root");
        assertThat(web.at("/properties/size/letter/get_input").asText()).isEqualTo("in--colour");
        assertThat(web.at("/operations/cloudify.interfaces.lifecycle.create/plugin")
                        .asText())
                .isEqualTo("in--worker");
        assertThat(node(plan, "in--top").at("/relationships/0/target_id").asText())
                .isEqualTo("in--web");
        assertThat(plan.at("/outputs/in--out/value/get_attribute/0").asText()).isEqualTo("in--web");
        assertThat(plan.at("/scaling_groups/in--all/members/0").asText()).isEqualTo("in--web");
        assertThat(plan.at("/workflows/in--w/plugin").asText()).isEqualTo("in--worker");
        assertThat(plan.get("workflows").has("install")).isTrue();
        assertThat(plan.at("/imported_blueprints/0").asText()).isEqualTo("other");
        assertThat(plan.at("/namespaces_mapping/ns").asText()).isEqualTo("other");
        assertThat(plan.at("/requirements/secrets").size()).isZero();
    }

    @Test
    void scriptsOfAnImportSayItsNamespaceAndMayUseItsScriptPlugin() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [ns--parts.yaml]
                        """)
                .with("parts.yaml", """
                        imports: [deep--more.yaml]
                        plugins: {script: {executor: central_deployment_agent, install: false}}
                        inputs: {size: {default: 1}}
                        node_types:
                          t:
                            properties: {p: {default: {get_input: size, type: integer}}}
                            interfaces: {i: {create: create.sh, start: "echo 1\\necho 2"}}
                        node_templates: {n: {type: t}}
                        """)
                .with("more.yaml", "workflows: {w: scripts/flow.py}")
                .with("create.sh", "echo")
                .with("scripts/flow.py", "1");
        // when
        JsonNode plan = plan(files);
        // then
        JsonNode node = node(plan, "ns--n");
        assertThat(node.at("/operations/i.create/plugin").asText()).isEqualTo("ns--script");
        assertThat(node.at("/operations/i.create/inputs/script_path").asText()).isEqualTo("ns--create.sh");
        assertThat(node.at("/operations/i.start/inputs/script_source").asText()).isEqualTo("echo 1\necho 2");
        assertThat(node.at("/properties/p").toString()).isEqualTo("{\"get_input\":\"ns--size\",\"type\":\"integer\"}");
        assertThat(plan.at("/workflows/ns--deep--w/parameters/script_path/default")
                        .asText())
                .isEqualTo("ns--deep--scripts/flow.py");
    }

    @Test
    void namesOfStandardTypesMayBeDefinedAgainAndTheLastOneCounts() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [more.yaml, cloudify/types/types.yaml]
                        plugins: {script: {executor: central_deployment_agent, install: true, source: mine}}
                        node_types: {cloudify.nodes.mine: {properties: {a: {default: 1}}}}
                        node_templates: {n: {type: cloudify.nodes.mine, interfaces: {i: {o: ./scripts/a.py}}}}
                        """).with("more.yaml", """
                        imports: [cloudify/types/types.yaml]
                        node_types: {cloudify.nodes.mine: {properties: {b: {default: 2}}}}
                        """).with("scripts/a.py", "1");
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(node(plan, "n").get("properties").toString()).isEqualTo("{\"b\":2}");
        assertThat(node(plan, "n").at("/operations/i.o/inputs/script_path").asText())
                .isEqualTo("./scripts/a.py");
        assertThat(node(plan, "n").at("/plugins/0/install").asBoolean()).isFalse();
    }

    @Test
    void whatIsDefinedAgainStaysSoThoughTheFirstFileIsImportedOnceMore() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [all.yaml, third.yaml]
                        node_templates: {n: {type: cloudify.nodes.Blueprint, properties: {mine: 1}}}
                        """)
                .with("all.yaml", "imports: [cloudify/types/types.yaml, again.yaml, other.yaml]")
                .with("again.yaml", """
                        node_types: {cloudify.nodes.Blueprint: {derived_from: cloudify.nodes.Root, properties: {mine: {}}}}
                        """)
                .with("other.yaml", "imports: [cloudify/types/types.yaml]")
                .with("third.yaml", "imports: [cloudify/types/types.yaml]");
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(node(plan, "n").at("/properties/mine").asInt()).isEqualTo(1);
    }

    @Test
    void aCopyOfStandardTypesInTheArchiveTakesTheirPlace() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [cloudify/types/types.yaml, old/types.yaml, in--parts.yaml]
                        node_templates: {n: {type: cloudify.nodes.Root}}
                        """).with("old/types.yaml", """
                        plugins:
                          script: {executor: central_deployment_agent, install: false}
                          old_workflows: {executor: central_deployment_agent, install: false}
                        node_types: {cloudify.nodes.Root: {properties: {old: {default: 1}}}}
                        workflows: {install: old_workflows.install}
                        """).with("parts.yaml", """
                        imports: [old/types.yaml]
                        node_templates: {m: {type: cloudify.nodes.Root}}
                        """);
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(node(plan, "n").get("properties").toString()).isEqualTo("{\"old\":1}");
        assertThat(node(plan, "in--m").get("properties").toString()).isEqualTo("{\"old\":1}");
        assertThat(plan.at("/workflows/install/plugin").asText()).isEqualTo("old_workflows");
        assertThat(plan.at("/workflows/uninstall/plugin").asText()).isEqualTo("default_workflows");
        assertThat(plan.get("workflows").has("in--install")).isFalse();
    }

    @Test
    void workflowsOfTheStandardTypesCountWhoeverDefinesThemToo() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [more.yaml, cloudify/types/types.yaml]
                        plugins: {p: {executor: central_deployment_agent, install: false}}
                        workflows: {install: p.mine, heal: {mapping: p.heal, parameters: {mine: {}}}}
                        """).with("more.yaml", "workflows: {uninstall: p.mine, scale: p.mine}");
        // when
        JsonNode workflows = plan(files).get("workflows");
        // then
        for (String name : List.of("install", "uninstall", "heal", "scale")) {
            assertThat(workflows.at("/" + name + "/plugin").asText()).as(name).isEqualTo("default_workflows");
        }
        assertThat(workflows.at("/heal/parameters").has("mine")).isFalse();
    }

    @Test
    void aNamespaceMayHaveAnyCharacters() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: ['my shop/åre 1.0--parts.yaml', 'plugin:plug', '--more.yaml']
                        node_templates: {n: {type: 'my shop/åre 1.0--t'}, m: {type: u}}
                        """)
                .with("parts.yaml", "node_types: {t: {}}\nnode_templates: {a: {type: t}}")
                .with("more.yaml", "node_types: {u: {}}");
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(plan.get("nodes").findValuesAsText("name")).containsExactly("n", "m", "my shop/åre 1.0--a");
    }

    @Test
    void aPluginMayHaveAFileForEachVersionOfTheLanguage() {
        // given
        List<String> asked = new ArrayList<>();
        Library library = new Library() {
            @Override
            public Optional<PluginFile> plugin(String packageName, Map<String, String> query, String language) {
                asked.add(language);
                return Optional.of(new PluginFile(packageName, "node_types: {t: {}}".getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public Optional<OtherBlueprint> blueprint(String id) {
                return Optional.empty();
            }
        };
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [old.yaml]
                        node_templates: {n: {type: t}}
                        """)
                .with(
                        "old.yaml",
                        "tosca_definitions_version: cloudify_dsl_1_3\nimports: ['plugin:net?version= >=1.0']");
        // when
        new BlueprintParser(new SnakeYamlReader(), library).parse(files, "blueprint.yaml");
        // then
        assertThat(asked).as("that of the main file").containsExactly("cloudify_dsl_1_5");
    }

    @Test
    void numbersAreWhatTheyAreInTheProduct() {
        // when
        JsonNode properties = plan(Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        node_types: {t: {properties: {all: {}}}}
                        node_templates:
                          n:
                            type: t
                            properties:
                              all: [12e5, 1.5e3, 1e400, 1.5e+3, .5, 1., 2012-10-17, !!str 7, !!str /, 8.8.4.4, 0o17, 017, 1_000, 12:30]
                        """)).at("/nodes/0/properties/all");
        // then
        assertThat(properties.toString())
                .isEqualTo(
                        "[\"12e5\",\"1.5e3\",\"1e400\",1500.0,0.5,1.0,\"2012-10-17\",\"7\",\"/\",\"8.8.4.4\",\"0o17\",15,1000,750]");
    }

    @Test
    void whatTheMainFileDoesNotSayOfItselfTheFirstImportDoes() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports: [a.yaml, b.yaml, ns--c.yaml]
                        metadata: {main: true}
                        """)
                .with("a.yaml", """
                        description: of a
                        metadata: {main: false}
                        deployment_settings: {default_groups: [shops]}
                        """)
                .with("b.yaml", "imports: [a.yaml]\ndescription: of b")
                .with("c.yaml", """
                        deployment_settings: {default_groups: [bars]}
                        data_types: {d: {properties: {x: {default: 1}}}}
                        policy_types: {p: {source: s, properties: {y: {type: d, default: {}}}}}
                        policy_triggers: {g: {source: s, parameters: {z: {type: d}}}}
                        node_types: {t: {runtime_properties: {r: {type: d}}}}
                        """);
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(plan.get("description").asText()).isEqualTo("of a");
        assertThat(plan.get("metadata").toString()).isEqualTo("{\"main\":true}");
        assertThat(plan.at("/deployment_settings/default_groups").toString()).isEqualTo("[\"shops\"]");
        assertThat(plan.at("/policy_types/ns--p/properties/y/type").asText()).isEqualTo("ns--d");
        assertThat(plan.at("/policy_triggers/ns--g/parameters/z/type").asText()).isEqualTo("ns--d");
    }

    @Test
    void typesOfInputsThatAreMappingsStandBesideThem() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_5
                plugins: {p: {executor: central_deployment_agent, install: false}}
                node_types:
                  t:
                    interfaces:
                      i:
                        start:
                          implementation: p.start
                          inputs:
                            config: {type: dict, default: {a: 1}}
                            size: {type: integer, default: 1}
                            where: {default: {get_attribute: [SELF, where], type: string}}
                            free: {default: {a: 1}}
                node_templates: {n: {type: t}}
                """));
        // then
        assertThat(plan.at("/nodes/0/operations/start/inputs_types").toString())
                .isEqualTo("{\"config\":\"dict\",\"where\":\"string\"}");
        assertThat(plan.at("/nodes/0/operations/start/inputs/config").toString())
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void functionsInDefaultsMayReferToWhatIsThereWhenTheyAreUsed() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_5
                plugins: {p: {executor: central_deployment_agent, install: false}}
                inputs: {address: {default: {get_attribute: [SELF, ip]}}}
                workflows: {w: {mapping: p.w, parameters: {node: {default: {get_property: [later, name]}}}}}
                """));
        // then
        assertThat(plan.at("/inputs/address/default/get_attribute/0").asText()).isEqualTo("SELF");
        assertThat(plan.at("/workflows/w/parameters/node/default/get_property/0")
                        .asText())
                .isEqualTo("later");
    }

    private static JsonNode node(JsonNode plan, String name) {
        for (JsonNode node : plan.get("nodes")) {
            if (node.get("name").asText().equals(name)) {
                return node;
            }
        }
        throw new AssertionError("no node " + name + " in " + plan.get("nodes"));
    }

    @Test
    void aBlueprintNeedsItsVersionOnly() {
        // when
        JsonNode nothing = plan(Files.of("tosca_definitions_version: cloudify_dsl_1_5\n"));
        JsonNode outputs = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                inputs: {size: {default: 3}}
                node_templates:
                outputs: {double: {value: {concat: [{get_input: size}, {get_input: size}]}}}
                """));
        // then
        for (String part : List.of("nodes", "deployment_plugins_to_install", "workflow_plugins_to_install")) {
            assertThat(nothing.get(part).isArray() && nothing.get(part).isEmpty())
                    .as(part)
                    .isTrue();
        }
        for (String part : List.of("inputs", "workflows", "outputs", "capabilities", "groups", "scaling_groups")) {
            assertThat(nothing.get(part).toString()).as(part).isEqualTo("{}");
        }
        assertThat(outputs.at("/outputs/double/value/concat/0/get_input").asText())
                .isEqualTo("size");
    }

    @Test
    void aFunctionMayStandBesideAType() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_5
                inputs: {size: {}}
                node_types: {t: {properties: {count: {type: integer}, kind: {}}}}
                node_templates:
                  n:
                    type: t
                    properties:
                      count: {get_input: size, type: integer}
                      kind: {type: get_input}
                """));
        // then: what is a function is not judged by the type of the property
        assertThat(plan.at("/nodes/0/properties").toString())
                .isEqualTo(
                        "{\"count\":{\"get_input\":\"size\",\"type\":\"integer\"},\"kind\":{\"type\":\"get_input\"}}");
    }

    @Test
    void whatIsExternalByDefaultNeedsNoProperties() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_5
                node_types:
                  t:
                    properties: {size: {}, use_external_resource: {default: true}}
                    runtime_properties: {address: {type: string, description: where it answers}}
                node_templates: {n: {type: t}}
                """));
        // then
        assertThat(plan.at("/nodes/0/properties").toString()).isEqualTo("{\"use_external_resource\":true}");
    }

    @Test
    void anchorsAndMergeKeysWork() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                dsl_definitions:
                  common: &common {a: 1, b: 2}
                node_types: {t: {properties: {a: {}, b: {}, on: {default: yes}, size: {default: 0x10}}}}
                node_templates: {n: {type: t, properties: {<<: *common, b: 3}}}
                """));
        // then
        assertThat(plan.at("/nodes/0/properties").toString()).isEqualTo("{\"a\":1,\"b\":3,\"on\":true,\"size\":16}");
    }

    @Test
    void derivedTypesKeepChangeAndSwitchOffOperations() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                plugins: {p: {executor: central_deployment_agent, install: false}}
                node_types:
                  a:
                    interfaces:
                      i:
                        kept: {implementation: p.kept, inputs: {x: {default: 1}}}
                        changed: {implementation: p.old, inputs: {x: {default: 1}}}
                        again: {implementation: p.same, inputs: {x: {default: 1}}, max_retries: 3}
                        off: p.off
                  b:
                    derived_from: a
                    interfaces:
                      i:
                        changed: {implementation: p.new, inputs: {y: {default: 2}}}
                        again: {inputs: {y: {default: 2}}}
                        off: {}
                node_templates:
                  n: {type: b, interfaces: {i: {kept: {inputs: {x: 5}}}}}
                """));
        // then
        JsonNode operations = plan.at("/nodes/0/operations");
        assertThat(operations.at("/i.kept/inputs").toString()).isEqualTo("{\"x\":5}");
        assertThat(operations.at("/i.changed/operation").asText()).isEqualTo("new");
        assertThat(operations.at("/i.changed/inputs").toString()).isEqualTo("{\"y\":2}");
        assertThat(operations.at("/i.again/plugin").asText()).isEmpty();
        assertThat(operations.at("/i.off/plugin").asText()).isEmpty();
    }

    @Test
    void templatesMaySayHowTheOperationOfTheirTypeIsCarriedOut() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                plugins: {p: {executor: central_deployment_agent, install: false}}
                node_types:
                  cloudify.nodes.Compute:
                    interfaces:
                      i:
                        moved: {implementation: p.moved, inputs: {x: {default: ~}}}
                        retried: {implementation: p.retried, max_retries: 3, timeout: 5}
                        empty: {max_retries: 3}
                        off: {implementation: p.off, inputs: {x: {required: false}}}
                node_templates:
                  n:
                    type: cloudify.nodes.Compute
                    interfaces:
                      i:
                        moved: {executor: host_agent}
                        retried: {max_retries: 0}
                        empty: {implementation: p.filled}
                        off: {}
                """));
        // then
        JsonNode operations = plan.at("/nodes/0/operations");
        assertThat(operations.at("/i.moved/operation").asText()).isEqualTo("moved");
        assertThat(operations.at("/i.moved/executor").asText()).isEqualTo("host_agent");
        assertThat(operations.at("/i.moved/inputs").toString()).isEqualTo("{\"x\":null}");
        assertThat(operations.at("/i.retried/operation").asText()).isEqualTo("retried");
        assertThat(operations.at("/i.retried/max_retries").asInt()).isZero();
        assertThat(operations.at("/i.retried/timeout").asInt()).isEqualTo(5);
        assertThat(operations.at("/i.empty/operation").asText()).isEqualTo("filled");
        assertThat(operations.at("/i.empty/max_retries").isNull()).isTrue();
        assertThat(operations.at("/i.off/operation").asText()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cloudify_dsl_1_0", "cloudify_dsl_1_1", "cloudify_dsl_1_2"})
    void theStandardTypesAreForEveryVersion(String version) {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: %s
                imports: [http://www.getcloudify.org/spec/cloudify/3.4/types.yaml]
                node_templates:
                  host: {type: cloudify.nodes.Compute}
                  shared: {type: cloudify.nodes.SharedResource, properties: {resource_config: {deployment: {id: d}}}}
                """.formatted(version)));
        // then
        assertThat(plan.at("/version/raw").asText()).isEqualTo(version);
        assertThat(plan.at("/nodes/0/properties/agent_config/port").asInt()).isEqualTo(22);
    }

    @Test
    void scriptsRunWhereTheirNodeIsAndMayStandInTheBlueprint() {
        // given
        Files files = Files.of(STANDARD + """
                        node_templates:
                          n:
                            type: cloudify.nodes.Root
                            interfaces:
                              cloudify.interfaces.lifecycle:
                                create: script.sh
                                start: |
                                  #!/bin/sh
                                  ctx logger info started
                        workflows:
                          greet:
                            mapping: |
                              from cloudify import ctx
                              ctx.logger.info('hello')
                        """).with("script.sh", "echo");
        // when
        JsonNode plan = plan(files);
        // then
        JsonNode create = plan.at("/nodes/0/operations/cloudify.interfaces.lifecycle.create");
        assertThat(create.get("operation").asText()).isEqualTo("script_runner.tasks.run");
        assertThat(create.get("inputs").toString()).isEqualTo("{\"script_path\":\"script.sh\"}");
        assertThat(create.get("executor").asText()).isEqualTo("auto");
        JsonNode start = plan.at("/nodes/0/operations/cloudify.interfaces.lifecycle.start");
        assertThat(start.get("plugin").asText()).isEqualTo("script");
        assertThat(start.get("inputs").toString())
                .isEqualTo("{\"script_source\":\"#!/bin/sh\\nctx logger info started\\n\"}");
        JsonNode greet = plan.at("/workflows/greet");
        assertThat(greet.get("operation").asText()).isEqualTo("script_runner.tasks.execute_workflow");
        assertThat(greet.at("/parameters/script_source/default").asText()).startsWith("from cloudify import ctx\n");
    }

    @Test
    void importsGivePropertiesOfTheirPluginsValues() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_5
                        imports:
                          - cloudify/types/types.yaml
                          - plugins.yaml:
                              region: {get_secret: region}
                              retries: 3
                        node_templates:
                          n:
                            type: cloudify.nodes.Root
                            interfaces: {a: {b: p.run}}
                        """).with("plugins.yaml", """
                        plugins:
                          p:
                            executor: central_deployment_agent
                            package_name: p
                            properties:
                              region: {type: string}
                              retries: {type: integer, default: 1}
                              colour: {type: string, default: red}
                        """);
        // when
        JsonNode properties = plan(files).at("/deployment_plugins_to_install/0/properties");
        // then
        assertThat(properties.toString())
                .isEqualTo("{\"region\":{\"type\":\"string\",\"value\":{\"get_secret\":\"region\"}},"
                        + "\"retries\":{\"type\":\"integer\",\"default\":1,\"value\":3},"
                        + "\"colour\":{\"type\":\"string\",\"default\":\"red\"}}");
    }

    @Test
    void filesAddRelationshipsToNodeTemplatesAndCompleteWorkflows() {
        // given
        Files files = Files.of("""
                        tosca_definitions_version: cloudify_dsl_1_4
                        imports: [cloudify/types/types.yaml, more.yaml, again.yaml]
                        plugins: {p: {executor: central_deployment_agent, install: false}}
                        node_templates:
                          a: {type: cloudify.nodes.Root}
                          b: {type: cloudify.nodes.Root}
                          c:
                            relationships: [{type: cloudify.relationships.depends_on, target: a}]
                        workflows: {w: {mapping: p.run}}
                        """).with("more.yaml", """
                        node_templates:
                          c: {relationships: [{type: cloudify.relationships.connected_to, target: b}]}
                        workflows: {w: {mapping: p.other, parameters: {x: {default: 1}}}}
                        """).with("again.yaml", """
                        imports: [more.yaml]
                        node_templates: {c: {type: cloudify.nodes.Compute}}
                        """);
        // when
        JsonNode plan = plan(files);
        // then
        JsonNode node = plan.at("/nodes/2");
        assertThat(node.get("type").asText()).isEqualTo("cloudify.nodes.Compute");
        assertThat(node.get("relationships").findValuesAsText("target_id")).containsExactly("a", "b");
        JsonNode workflow = plan.at("/workflows/w");
        assertThat(workflow.get("operation").asText()).isEqualTo("run");
        assertThat(workflow.at("/parameters/x/default").asInt()).isEqualTo(1);
    }

    @Test
    void derivedTypesKeepWhatTheirDefaultsDoNotSayAtEveryDepth() {
        // given
        Files files = Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                data_types:
                  disk: {properties: {size: {default: 1}, kind: {default: slow}, mount: {default: /}}}
                  machine: {properties: {cores: {default: 1}, disk: {type: disk, default: {mount: /data}}}}
                node_types:
                  small: {properties: {machine: {type: machine, default: {cores: 2, disk: {size: 10}}}}}
                  fast: {derived_from: small, properties: {machine: {type: machine, default: {disk: {kind: fast}}}}}
                  same: {derived_from: fast, properties: {machine: {type: machine}}}
                node_templates:
                  a: {type: fast}
                  b: {type: same, properties: {machine: {disk: {mount: /b}}}}
                """);
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(plan.at("/nodes/0/properties/machine").toString())
                .isEqualTo("{\"cores\":2,\"disk\":{\"size\":10,\"kind\":\"fast\",\"mount\":\"/data\"}}");
        assertThat(plan.at("/nodes/1/properties/machine").toString())
                .isEqualTo("{\"cores\":2,\"disk\":{\"size\":10,\"kind\":\"fast\",\"mount\":\"/b\"}}");
    }

    @Test
    void scalingGroupsMayHaveContainersAndWhatIsInThemAtAnyDepth() {
        // given
        Files files = Files.of(STANDARD + """
                        node_templates:
                          a: {type: cloudify.nodes.Root}
                          b:
                            type: cloudify.nodes.Root
                            relationships: [{type: cloudify.relationships.contained_in, target: a}]
                          c:
                            type: cloudify.nodes.Root
                            relationships: [{type: cloudify.relationships.contained_in, target: b}]
                          d: {type: cloudify.nodes.Root}
                        groups: {g: {members: [a, d, h]}, h: {members: [c]}}
                        policies: {p: {type: cloudify.policies.scaling, targets: [g, h]}}
                        """);
        // when
        JsonNode groups = plan(files).get("scaling_groups");
        // then
        assertThat(groups.at("/g/members").toString()).isEqualTo("[\"a\",\"d\"]");
        assertThat(groups.at("/h/members").toString()).isEqualTo("[\"c\"]");
    }

    @Test
    void whatIsInAMemberOfAScalingGroupIsNoMemberItself() {
        // given
        Files files = Files.of(STANDARD + """
                        node_templates:
                          a: {type: cloudify.nodes.Root}
                          b:
                            type: cloudify.nodes.Root
                            relationships: [{type: cloudify.relationships.contained_in, target: a}]
                          c:
                            type: cloudify.nodes.Root
                            relationships: [{type: cloudify.relationships.contained_in, target: a}]
                        groups: {outer: {members: [first, second]}, first: {members: [a, b]}, second: {members: [c]}}
                        policies: {p: {type: cloudify.policies.scaling, targets: [outer, first, second]}}
                        """);
        // when
        JsonNode plan = plan(files);
        // then
        assertThat(plan.at("/scaling_groups/outer/members").toString()).isEqualTo("[\"first\"]");
        assertThat(plan.at("/scaling_groups/first/members").toString()).isEqualTo("[\"a\"]");
        assertThat(plan.at("/scaling_groups/second/members").toString()).isEqualTo("[\"c\"]");
        assertThat(plan.at("/groups/outer/members").toString()).isEqualTo("[\"first\"]");
    }

    @Test
    void theFirstFileThatHasALabelSaysItsValues() {
        // given
        Files files = Files.of(STANDARD.replace("]", ", types.yaml]") + "labels: {team: {values: [red]}}\n")
                .with("types.yaml", "labels: {team: {values: [black]}}\n");
        // when, then
        assertThat(plan(files).get("labels").toString()).contains("red").doesNotContain("black");
    }

    @Test
    void labelsOfABlueprintComeBeforeThoseOfItsPlugins() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                imports: ['plugin:labelled', types.yaml]
                node_types: {t: {}}
                labels: {team: {values: [red]}}
                """)
                .with("types.yaml", "labels: {place: {values: [oslo]}}\nblueprint_labels: {team: {values: [black]}}"));
        // then
        assertThat(plan.get("labels").toString())
                .isEqualTo("{\"team\":{\"values\":[\"red\"]},\"place\":{\"values\":[\"oslo\"]}}");
        assertThat(plan.get("blueprint_labels").toString())
                .isEqualTo("{\"team\":{\"values\":[\"black\"]},\"size\":{\"values\":[\"small\"]}}");
    }

    @Test
    void whatIsAtAUrlIsAScript() {
        // when
        JsonNode plan = plan(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                plugins: {script: {executor: central_deployment_agent, install: false}}
                workflows: {nap: {mapping: 'https://example.org/nap.py'}}
                """));
        // then
        JsonNode nap = plan.at("/workflows/nap");
        assertThat(nap.get("operation").asText()).isEqualTo("script_runner.tasks.execute_workflow");
        assertThat(nap.at("/parameters/script_path/default").asText()).isEqualTo("https://example.org/nap.py");
    }

    @Test
    void requirementsNameSecretsAndCapabilitiesOfTheParent() {
        // when
        Plan plan = BadBlueprintsTest.parse(Files.of("""
                tosca_definitions_version: cloudify_dsl_1_4
                node_types: {t: {}}
                outputs:
                  a: {value: {get_secret: [key, path]}}
                  b: {value: {get_environment_capability: [net, ip]}}
                  c: {value: {get_secret: {get_secret: name}}}
                  d: {value: {get_secret: plain}}
                """));
        // then
        assertThat(plan.requirements())
                .isEqualTo(Map.of(
                        "secrets",
                        List.of(List.of("key", "path"), "name", "plain", Map.of("get_secret", "name")),
                        "parent_capabilities",
                        List.of(List.of("net", "ip"))));
    }
}
