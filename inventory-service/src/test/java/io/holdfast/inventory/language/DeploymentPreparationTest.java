package io.holdfast.inventory.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.language.NamedThings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentPreparationTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String VERSION = "tosca_definitions_version: cloudify_dsl_1_4\n";

    private static final String NEWEST = "tosca_definitions_version: cloudify_dsl_1_5\n";

    private final Set<String> secrets = new HashSet<>();
    private final Set<String> taken = new HashSet<>();
    private int suffixes;
    private int looks;

    private final ManagerFacts facts = new ManagerFacts() {
        @Override
        public boolean hasSecret(String key) {
            return secrets.contains(key);
        }

        @Override
        public String newSuffix() {
            return "%06d".formatted(suffixes++);
        }

        @Override
        public Set<String> nodeInstancesAmong(Set<String> ids) {
            looks++;
            return ids.stream().filter(taken::contains).collect(Collectors.toSet());
        }
    };

    private final List<String> asked = new ArrayList<>();
    private final Set<Object> named = new HashSet<>();

    private final NamedThings things = (type, name, constraints) -> {
        asked.add(type + " " + name + " " + new TreeMap<>(constraints));
        return named.contains(name);
    };

    /** As the service does it: the plan goes through the database. */
    private PreparedDeployment prepare(String blueprint, Map<String, Object> inputs) {
        return prepare(blueprint, inputs, false);
    }

    private PreparedDeployment prepare(String blueprint, Map<String, Object> inputs, boolean atRunTimeOnly) {
        return prepare(VERSION, blueprint, inputs, atRunTimeOnly);
    }

    private PreparedDeployment prepare(
            String version, String blueprint, Map<String, Object> inputs, boolean atRunTimeOnly) {
        Plan plan = BadBlueprintsTest.parse(Files.of(version + blueprint));
        Map<String, Object> stored = JSON.convertValue(plan.data(), new TypeReference<>() {});
        return DeploymentPreparation.prepare(new Plan(stored), inputs, atRunTimeOnly, facts, things);
    }

    private RefusedDeployment refusal(String blueprint, Map<String, Object> inputs) {
        return catchThrowableOfType(RefusedDeployment.class, () -> prepare(blueprint, inputs));
    }

    // --- inputs

    private static final String INPUTS = """
            node_types: {t: {}}
            data_types: {point: {properties: {x: {type: integer}, y: {type: integer, default: 0}}}}
            inputs:
              name: {type: string, constraints: [{pattern: '[a-z]+$'}]}
              size: {type: integer, default: 3, constraints: [{in_range: [1, 10]}]}
              at: {type: point, required: false}
              tags: {type: list, item_type: string, default: []}
            outputs: {size: {value: {get_input: size}}, x: {value: {get_input: [at, x]}}}
            """;

    private static final String NAMING = """
            node_types: {t: {interfaces: {i: {run: {}}}}}
            node_templates: {web: {type: t}, db: {type: t}}
            inputs:
              dep: {type: deployment_id, required: false, constraints: [{filter_id: good}, {labels: [{a: b}]}]}
              bp: {type: blueprint_id, required: false}
              keys: {type: list, item_type: secret_key, required: false, constraints: [{max_length: 5}]}
              cap: {type: capability_value, required: false, constraints: [{deployment_id: {get_input: of}}]}
              of: {type: string, required: false}
              bare: {type: capability_value, required: false}
              node: {type: node_id, required: false, constraints: [{name_pattern: {starts_with: w}}]}
              any: {type: node_id, required: false}
              operation: {type: operation_name, required: false, constraints: [{valid_values: [i.run, i.none]}]}
              odd: {type: secret_key, required: false, constraints: [{filter_id: good}]}
            """;

    private String reason(Map<String, Object> inputs) {
        RefusedDeployment refusal = catchThrowableOfType(RefusedDeployment.class, () -> prepareNaming(inputs));
        assertThat(refusal.code()).isEqualTo(ErrorCode.CONSTRAINT);
        assertThat(refusal.asReported()).isEqualTo("dsl_parser.exceptions.ConstraintException: " + refusal.detail());
        return refusal.detail();
    }

    private PreparedDeployment prepareNaming(Map<String, Object> inputs) {
        Plan plan = BadBlueprintsTest.parse(Files.of(NEWEST + NAMING));
        Map<String, Object> stored = JSON.convertValue(plan.data(), new TypeReference<>() {});
        return DeploymentPreparation.prepare(new Plan(stored), inputs, false, facts, things);
    }

    @Test
    void whatAnInputNamesIsThere() {
        // given
        named.addAll(List.of("d1", "b1", "k1", "k2", 5L));
        // when
        PreparedDeployment prepared = prepareNaming(Map.of(
                "dep",
                "d1",
                "bp",
                "b1",
                "keys",
                List.of("k1", "k2"),
                "cap",
                5L,
                "of",
                "other",
                "node",
                "web",
                "any",
                "what is never looked for",
                "operation",
                "i.run"));
        // then
        assertThat(prepared.inputs()).containsEntry("cap", 5L).containsEntry("bare", null);
        assertThat(asked)
                .containsExactly(
                        "deployment_id d1 {}",
                        "deployment_id d1 {filter_id=good, labels=[{a=b}]}",
                        "blueprint_id b1 {}",
                        "secret_key k1 {}",
                        "secret_key k2 {}",
                        "capability_value 5 {deployment_id=other}");
    }

    @Test
    void whatAnInputNamesIsRefusedIfItIsNotThere() {
        assertThat(reason(Map.of("dep", "d2")))
                .isEqualTo("Value 'd2' of 'dep' is not a valid value for data type 'deployment_id'.");
        assertThat(reason(Map.of("keys", List.of("k1"))))
                .isEqualTo("Value 'k1' of 'keys' is not a valid value for data type 'secret_key'.");
        assertThat(reason(Map.of("cap", 1, "of", "other")))
                .isEqualTo("Value '1' of input 'cap' does not match any relevant entity or violates at least one of the"
                        + " constraints: deployment_id(other) operator.");
        assertThat(reason(Map.of("node", "db")))
                .isEqualTo(
                        "Value 'db' of input 'node' does not match any relevant entity or violates at least one of the"
                                + " constraints: name_pattern({'starts_with': 'w'}) operator.");
        assertThat(reason(Map.of("operation", "i.none")))
                .isEqualTo("Value 'i.none' of input 'operation' does not match any relevant entity or violates at least"
                        + " one of the constraints: valid_values(i.run, i.none) operator.");
        assertThat(reason(Map.of("bare", 1)))
                .isEqualTo("Input 'bare' of type 'capability_value' lacks 'deployment_id' constraint.");
        named.add("k1");
        assertThat(reason(Map.of("odd", "k1")))
                .isEqualTo("'filter_id' constraint is not defined for 'secret_key' data types");
    }

    @Test
    void givenInputsAndDefaultsAreTheDeploymentsInputs() {
        // when
        PreparedDeployment prepared = prepare(INPUTS, Map.of("name", "bob", "at", Map.of("x", 7)));
        // then
        assertThat(prepared.inputs())
                .isEqualTo(Map.of("name", "bob", "size", 3L, "at", Map.of("x", 7L, "y", 0L), "tags", List.of()));
        assertThat(prepared.outputs()).isEqualTo(Map.of("size", Map.of("value", 3L), "x", Map.of("value", 7L)));
    }

    /** As in plans that came with a snapshot. */
    @Test
    void aNodeThatHasItsIdOnlyIsCalledByIt() {
        // given
        Map<String, Object> plan = Map.of("nodes", List.of(Map.of("id", "web", "type", "t")));
        // when
        PreparedDeployment prepared = DeploymentPreparation.prepare(new Plan(plan), Map.of(), false, facts, things);
        // then
        assertThat(prepared.nodes()).hasSize(1);
        assertThat(prepared.nodes().get(0)).containsEntry("id", "web").containsEntry("name", "web");
    }

    @Test
    void missingInputIsRefusedWithTheApisText() {
        // when
        RefusedDeployment refusal = refusal(INPUTS, Map.of());
        // then
        assertThat(refusal.code()).isEqualTo(ErrorCode.MISSING_REQUIRED_DEPLOYMENT_INPUT);
        assertThat(refusal.asReported())
                .isEqualTo(
                        "dsl_parser.exceptions.MissingRequiredInputError: Required inputs ['name'] were not specified"
                                + " - expected inputs: ['name', 'size', 'at', 'tags']");
    }

    @Test
    void unknownInputIsRefusedWithTheApisText() {
        // when
        RefusedDeployment refusal = refusal("node_types: {t: {}}\ninputs: {a: {}}", Map.of("a", 1, "b", 2));
        // then
        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_DEPLOYMENT_INPUT);
        assertThat(refusal.detail()).isEqualTo("Unknown inputs ['b'] specified - expected inputs: ['a']");
    }

    @Test
    void aConstraintMaySayItselfWhatIsWrong() {
        // given
        String blueprint = "node_types: {t: {}}\n"
                + "inputs: {n: {type: integer, constraints: [{less_than: 5, error_message: Five are too many.}]}}";
        // when, then
        RefusedDeployment refusal =
                catchThrowableOfType(RefusedDeployment.class, () -> prepare(NEWEST, blueprint, Map.of("n", 5), false));
        assertThat(refusal.detail()).isEqualTo("Value 5 of input n is invalid. Five are too many.");
        assertThat(prepare(NEWEST, blueprint, Map.of("n", 4), false).inputs()).isEqualTo(Map.of("n", 4L));
    }

    @Test
    void aFunctionAsInputOfAnOperationIsOfTheTypeThatTheSchemaSays() {
        // given
        String blueprint = """
                plugins: {p: {executor: central_deployment_agent, install: false}}
                inputs: {size: {}}
                node_types:
                  t:
                    interfaces:
                      i: {run: {implementation: p.run, inputs: {count: {type: integer}, at: {type: string, default: {get_attribute: [SELF, at]}}}}}
                node_templates: {n: {type: t, interfaces: {i: {run: {inputs: {count: {get_input: size}}}}}}}
                """;
        // when
        Object operations = prepare(blueprint, Map.of("size", 3)).nodes().get(0).get("operations");
        // then
        assertThat(Plan.mapping(
                        Plan.mapping(Plan.mapping(operations).get("i.run")).get("inputs")))
                .isEqualTo(Map.of("count", 3L, "at", Map.of("get_attribute", List.of("SELF", "at"), "type", "string")));
        assertThat(refusal(blueprint, Map.of("size", "three")).detail())
                .isEqualTo("Value 'three' of input 'size' does not match data type declared for"
                        + " 'nodes.n.operations.i.run.inputs.count': 'integer'.");
    }

    @Test
    void aFunctionMaySayOfWhichTypeTheInputIs() {
        // given
        String blueprint = """
                node_types: {t: {properties: {size: {}, parts: {}, text: {}}}}
                inputs: {size: {}, parts: {default: [1, b]}}
                node_templates:
                  n:
                    type: t
                    properties:
                      size: {get_input: size, type: integer}
                      parts: {type: string, get_input: [parts, 1]}
                      text: {concat: [a, {get_input: size, type: integer}], type: string}
                """;
        // when, then
        assertThat(prepare(blueprint, Map.of("size", 3)).nodes().get(0))
                .containsEntry("properties", Map.of("size", 3L, "parts", "b", "text", "a3"));
        RefusedDeployment refusal = refusal(blueprint, Map.of("size", "three"));
        assertThat(refusal.detail())
                .isEqualTo("Value 'three' of input 'size' does not match data type declared for"
                        + " 'nodes.n.properties.size': 'integer'.");
        assertThat(refusal.asReported()).isEqualTo("dsl_parser.exceptions.InputEvaluationError: " + refusal.detail());
        assertThat(refusal(blueprint.replace("integer", "dict"), Map.of("size", 3))
                        .detail())
                .contains("Value '3' of input 'size'", "'dict'");
    }

    @Test
    void wrongValuesAreRefusedWithTheApisTexts() {
        Map<Map<String, Object>, String> expected = Map.of(
                Map.of("name", "bob", "size", "3"),
                "Value is not comparable, the Constraint argument type  is 'list' but value type is 'str'.",
                Map.of("name", "bob", "size", 11),
                "Value 11 of input size violates constraint in_range(1, 10) operator.",
                Map.of("name", "B0B"),
                "Value B0B of input name violates constraint pattern([a-z]+$) operator.",
                Map.of("name", "bob", "at", Map.of("x", "left")),
                "Property type validation failed in 'at': property 'x' type is 'integer', yet it was assigned with the"
                        + " value 'left'",
                Map.of("name", "bob", "at", Map.of("y", 1)),
                "Value of input at is missing property x.",
                Map.of("name", "bob", "at", Map.of("x", 1, "z", 1)),
                "Undefined property z in value of input at.",
                Map.of("name", "bob", "tags", "red"),
                "Property type validation failed in 'tags': the defined type is 'list', yet it was assigned with the"
                        + " value 'red'");
        expected.forEach((inputs, text) -> assertThat(refusal(INPUTS, inputs).detail())
                .as(inputs.toString())
                .isEqualTo(text));
    }

    @Test
    void constraintsOfEachKindHold() {
        String blueprint = "node_types: {t: {}}\ninputs: {i: {constraints: [{%s: %s}]}}";
        Object[][] cases = {
            {"equal", "5", 5, 6},
            {"greater_than", "5", 6, 5},
            {"greater_or_equal", "5", 5, 4.5},
            {"less_than", "5", 4, 5},
            {"less_or_equal", "5", 5, 6},
            {"valid_values", "[a, 2]", 2, "b"},
            {"length", "3", "abc", "ab"},
            {"min_length", "2", List.of(1, 2), List.of(1)},
            {"max_length", "2", Map.of(), "abc"},
            {"pattern", "a+", "aab", "b"},
        };
        for (Object[] one : cases) {
            String text = blueprint.formatted(one[0], one[1]);
            assertThat(prepare(text, Map.of("i", one[2])).inputs())
                    .as("%s %s", one)
                    .hasSize(1);
            assertThat(refusal(text, Map.of("i", one[3])).code())
                    .as("%s %s", one)
                    .isEqualTo(ErrorCode.CONSTRAINT);
        }
    }

    // --- functions

    @Test
    void functionsAreEvaluatedAsFarAsTheyCanBe() {
        // given
        secrets.add("pw");
        // when
        PreparedDeployment prepared = prepare("""
                node_types: {t: {properties: {a: {}, b: {default: 1}}}}
                inputs: {name: {default: {parts: [one, two]}}}
                node_templates:
                  n: {type: t, properties: {a: {get_property: [m, a, deep]}}}
                  m: {type: t, properties: {a: {deep: {get_input: [name, parts, 1]}, rest: {get_secret: pw}}}}
                outputs:
                  all: {value: {concat: [{string_upper: {get_property: [n, a]}}, '-', true, 1]}}
                  later: {value: {concat: [x, {get_attribute: [n, ip]}]}}
                  found: {value: {string_find: [haystack, st]}}
                  replaced: {value: {string_replace: [aaa, a, b, 2]}}
                  split: {value: {string_split: ['a,b', ',']}}
                  part: {value: {string_split: ['a,b', ',', -1]}}
                  all_parts: {value: {string_split: ['a,b', ',', ~]}}
                  all_replaced: {value: {string_replace: [aaa, a, b, ~]}}
                  merged: {value: {merge: [{a: 1}, {b: 2}]}}
                """, Map.of());
        // then
        assertThat(prepared.nodes().get(0)).containsEntry("properties", Map.of("a", "two", "b", 1L));
        assertThat(value(prepared, "all")).isEqualTo("TWO-True1");
        assertThat(value(prepared, "later"))
                .isEqualTo(Map.of("concat", List.of("x", Map.of("get_attribute", List.of("n", "ip")))));
        assertThat(value(prepared, "found")).isEqualTo(3L);
        assertThat(value(prepared, "replaced")).isEqualTo("bba");
        assertThat(value(prepared, "split")).isEqualTo(List.of("a", "b"));
        assertThat(value(prepared, "part")).isEqualTo("b");
        assertThat(value(prepared, "all_parts")).isEqualTo(List.of("a", "b"));
        assertThat(value(prepared, "all_replaced")).isEqualTo("bbb");
        assertThat(value(prepared, "merged")).isEqualTo(Map.of("a", 1L, "b", 2L));
    }

    private static Object value(PreparedDeployment prepared, String output) {
        return ((Map<?, ?>) prepared.outputs().get(output)).get("value");
    }

    @Test
    void evaluationAtRunTimeOnlyLeavesFunctions() {
        // when
        PreparedDeployment prepared = prepare(INPUTS, Map.of("name", "bob"), true);
        // then
        assertThat(value(prepared, "size")).isEqualTo(Map.of("get_input", "size"));
    }

    @Test
    void secretThatIsNotThereIsNamed() {
        // when
        RefusedDeployment refusal = refusal(
                "node_types: {t: {}}\noutputs: {a: {value: {get_secret: pw}}, b: {value: {get_secret: [key, x]}}}",
                Map.of());
        // then
        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_DEPLOYMENT_SECRET);
        assertThat(refusal.detail()).isEqualTo("Required secrets: [key, pw] don't exist in this tenant");
    }

    @Test
    void functionsInDefaultsStandInThePlaceOfTheirInputs() {
        // given
        secrets.add("pw");
        String blueprint = """
                inputs:
                  where: {default: {get_capability: [other, {concat: [u, rl]}]}}
                  password: {default: {get_secret: pw}}
                outputs:
                  address: {value: {concat: ['at ', {get_input: where}]}}
                  part: {value: {get_input: [where, host]}}
                  key: {value: {get_input: password}}
                """;
        // when
        PreparedDeployment prepared = prepare(blueprint, Map.of());
        // then
        assertThat(value(prepared, "address"))
                .isEqualTo(Map.of("concat", List.of("at ", Map.of("get_capability", List.of("other", "url")))));
        assertThat(value(prepared, "part")).isEqualTo(Map.of("get_input", List.of("where", "host")));
        assertThat(prepared.dependencies().values()).containsExactly("other");
        // when, then
        secrets.clear();
        assertThat(refusal(blueprint, Map.of()).detail())
                .isEqualTo("Required secrets: [pw] don't exist in this tenant");
    }

    @Test
    void operationsSayWhetherFunctionsAreLeft() throws IOException {
        // given
        secrets.add("pw");
        String small = BadBlueprintsTest.text("right/small.yaml").substring(VERSION.length());
        // when
        PreparedDeployment prepared = prepare(small, Map.of("name", "bob", "count", 3));
        // then
        Map<?, ?> operations = (Map<?, ?>) prepared.nodes().get(1).get("operations");
        Map<?, ?> start = (Map<?, ?>) operations.get("life.start");
        assertThat(start.get("has_intrinsic_functions")).isEqualTo(true);
        assertThat(start.get("inputs"))
                .isEqualTo(Map.of("speed", "blue", "extra", Map.of("get_attribute", List.of("SELF", "ip"))));
        assertThat(value(prepared, "url")).isEqualTo("http://bob.example.com:80");
        assertThat(prepared.instances()).extracting(NodeInstance::node).containsExactly("net", "srv", "srv", "srv");
        assertThat(prepared.labels()).isEqualTo(Map.of("env", List.of("test", "bob")));
        assertThat(prepared.workflows())
                .extracting(workflow -> workflow.get("name"))
                .containsExactly("nop", "grow");
    }

    @Test
    void nodesOfOneTypeHaveTheirOperationsInCommon() {
        // given
        String blueprint = """
                plugins: {p: {executor: central_deployment_agent, install: false}}
                node_types: {t: {interfaces: {life: {start: {implementation: p.start, inputs: {x: {default: 1}}}}}}}
                node_templates: {one: {type: t}, two: {type: t}}
                """;
        // when
        Plan plan = BadBlueprintsTest.parse(Files.of(VERSION + blueprint));
        PreparedDeployment prepared = prepare(blueprint, Map.of());
        // then
        List<?> planned = (List<?>) plan.data().get("nodes");
        for (List<?> nodes : List.of(planned, prepared.nodes())) {
            assertThat(((Map<?, ?>) nodes.get(0)).get("operations"))
                    .isSameAs(((Map<?, ?>) nodes.get(1)).get("operations"));
        }
    }

    @Test
    void numberOfInstancesFromAnInputMustBeANumber() {
        // when
        RefusedDeployment refusal = refusal(
                "node_types: {t: {}}\ninputs: {c: {}}\nnode_templates: {n: {type: t, capabilities: {scalable: {properties:"
                        + " {default_instances: {get_input: c}}}}}}",
                Map.of("c", "many"));
        // then
        assertThat(refusal.detail())
                .isEqualTo("'default_instances' of node 'n' is 'many', but must be a number from 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[in, colour] | Input attribute 'colour' of 'in', doesn't exist.",
                "[in, parts, 1, name, b] | Input attribute 'b' of 'in.parts[1].name', doesn't exist.",
                "[in, parts, first] | Item in index 1 in the get_input arguments list [in, parts, first] is expected to be an int but got str.",
                "[in, parts, 2] | List size of 'in.parts' is 2 but index 2 is retrieved.",
                "[in, size, deep] | Unable to evaluate get_input function: Object in.size has no attribute deep",
            })
    void pathsIntoInputsThatLeadNowhereAreToldAsTheProductDoes(String path, String told) {
        // when
        RefusedDeployment refusal = refusal(
                "node_types: {t: {properties: {p: {}}}}\ninputs: {in: {}}\nnode_templates: {n: {type: t, properties: {p: {get_input: "
                        + path + "}}}}",
                Map.of("in", Map.of("size", 3, "parts", List.of(1, Map.of("name", Map.of("a", 1))))));
        // then
        assertThat(refusal.detail()).isEqualTo(told);
        assertThat(refusal.asReported())
                .isEqualTo("dsl_parser.exceptions."
                        + (told.startsWith("Unable") ? "FunctionEvaluationError: " : "InputEvaluationError: ") + told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "string_lower: {get_input: in} | string_lower | input",
                "string_find: [{get_input: in}, a] | string_find | haystack",
                "string_replace: [a, b, {get_input: in}] | string_replace | replacement",
                "string_split: [a, {get_input: in}] | string_split | separator",
            })
    void functionsOfTextsTakeNoNumbers(String function, String name, String argument) {
        // when
        RefusedDeployment refusal =
                refusal("inputs: {in: {}}\noutputs: {o: {value: {" + function + "}}}", Map.of("in", 5));
        // then
        assertThat(refusal.detail())
                .isEqualTo("Unable to evaluate " + name + " function: argument `" + argument
                        + "` should be of type <class 'str'> but is <class 'int'> (5)");
    }

    @Test
    void defaultsOfInputsMayBeOfTheNodeThatUsesThem() {
        // when
        PreparedDeployment prepared = prepare("""
                node_types: {t: {properties: {a: {default: 3}, b: {}, c: {}}}}
                inputs: {own: {default: {get_property: [SELF, a]}}, later: {default: {get_attribute: [SELF, ip]}}}
                node_templates: {n: {type: t, properties: {b: {get_input: own}, c: {get_input: later}}}}
                """, Map.of());
        // then
        assertThat(prepared.nodes().get(0))
                .containsEntry(
                        "properties", Map.of("a", 3L, "b", 3L, "c", Map.of("get_attribute", List.of("SELF", "ip"))));
    }

    @Test
    void propertiesInACircleAreRefusedWhenADeploymentIsMade() {
        // when: the blueprint itself is accepted
        RefusedDeployment refusal = refusal("""
                node_types: {t: {properties: {a: {}, b: {}}}}
                node_templates:
                  n:
                    type: t
                    properties:
                      a: {get_property: [SELF, b]}
                      b: {concat: [x, {get_property: [SELF, a]}]}
                """, Map.of());
        // then
        assertThat(refusal.asReported())
                .startsWith(
                        "dsl_parser.exceptions.EvaluationRecursionLimitReached: The recursion limit (50) has been reached while"
                                + " evaluating the deployment. Limit was reached with the following path - nodes.n.properties.")
                .endsWith("in n.properties.b --> n.properties.a --> n.properties.b");
    }

    @Test
    void indexesCountFromTheEnd() {
        // when
        PreparedDeployment prepared = prepare(
                "node_types: {t: {}}\ninputs: {in: {}}\noutputs: {o: {value: {get_input: [in, -1]}}}",
                Map.of("in", List.of(1, 2)));
        // then
        assertThat(value(prepared, "o")).isEqualTo(2L);
    }

    // --- instances

    private static final String GRAPH = """
            node_types: {t: {}, cloudify.nodes.Compute: {}}
            relationships:
              uses: {properties: {connection_type: {default: all_to_all}}}
              cloudify.relationships.contained_in: {derived_from: uses}
            """;

    private static String scaled(String name, int count, String... relationships) {
        return "  " + name + ": {type: " + (name.startsWith("host") ? "cloudify.nodes.Compute" : "t")
                + ", capabilities: {scalable: {properties: {default_instances: " + count + "}}}, relationships: ["
                + String.join(", ", relationships) + "]}\n";
    }

    private static String in(String target) {
        return "{type: cloudify.relationships.contained_in, target: " + target + "}";
    }

    private static String uses(String target, String connection) {
        return "{type: uses, target: " + target + ", properties: {connection_type: " + connection + "}}";
    }

    private static Map<String, List<String>> targets(PreparedDeployment prepared) {
        Map<String, List<String>> targets = new HashMap<>();
        for (NodeInstance instance : prepared.instances()) {
            targets.computeIfAbsent(instance.node(), node -> new ArrayList<>())
                    .add(instance.relationships().stream()
                            .map(relationship -> relationship.get("target_id"))
                            .collect(Collectors.joining(",")));
        }
        return targets;
    }

    @Test
    void containedNodesAreMultipliedWithTheirHosts() {
        // when
        PreparedDeployment prepared = prepare(
                GRAPH + "node_templates:\n" + scaled("host", 2) + scaled("app", 3, in("host"))
                        + scaled("module", 1, in("app")),
                Map.of());
        // then
        Map<String, List<NodeInstance>> byNode =
                prepared.instances().stream().collect(Collectors.groupingBy(NodeInstance::node));
        assertThat(byNode.get("host")).hasSize(2).allMatch(host -> host.id().equals(host.hostId()));
        assertThat(byNode.get("app")).hasSize(6).extracting(NodeInstance::index).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(byNode.get("module")).hasSize(6);
        assertThat(byNode.get("app"))
                .allSatisfy(app -> assertThat(app.relationships().get(0))
                        .containsEntry("target_id", app.hostId())
                        .containsEntry("target_name", "host")
                        .containsEntry("type", "cloudify.relationships.contained_in"));
    }

    @Test
    void relationshipsGoToAllOrToOneInstance() {
        // when
        PreparedDeployment prepared = prepare(
                GRAPH + "node_templates:\n" + scaled("db", 2) + scaled("a", 2, uses("db", "all_to_all"))
                        + scaled("b", 2, uses("db", "all_to_one")),
                Map.of());
        // then
        String one = prepared.instances().get(0).id();
        String two = prepared.instances().get(1).id();
        assertThat(targets(prepared).get("a")).containsExactly(one + "," + two, one + "," + two);
        assertThat(targets(prepared).get("b")).containsExactly(one, one);
    }

    @Test
    void scalingGroupsMultiplyAndKeepRelationshipsWithin() {
        // when
        PreparedDeployment prepared = prepare(
                GRAPH + "node_templates:\n" + scaled("db", 1) + scaled("app", 2, uses("db", "all_to_all")) + """
                        groups: {cell: {members: [db, app]}, region: {members: [cell]}}
                        policies:
                          one: {type: cloudify.policies.scaling, targets: [cell], properties: {default_instances: 2}}
                          two: {type: cloudify.policies.scaling, targets: [region], properties: {default_instances: 2}}
                        """,
                Map.of());
        // then
        assertThat(prepared.instances()).hasSize(4 + 8);
        Map<String, NodeInstance> byId =
                prepared.instances().stream().collect(Collectors.toMap(NodeInstance::id, instance -> instance));
        assertThat(byId.values().stream().filter(instance -> instance.node().equals("app")))
                .allSatisfy(app -> {
                    assertThat(app.relationships()).hasSize(1);
                    NodeInstance db = byId.get(app.relationships().get(0).get("target_id"));
                    assertThat(db.scalingGroups()).isEqualTo(app.scalingGroups());
                    assertThat(app.scalingGroups())
                            .extracting(group -> group.get("name"))
                            .containsExactly("cell", "region");
                });
    }

    @Test
    void nodeContainedInAnotherOfItsGroupIsNotMultipliedTwice() {
        // when
        PreparedDeployment prepared =
                prepare(GRAPH + "node_templates:\n" + scaled("host", 1) + scaled("app", 1, in("host")) + """
                        groups: {cell: {members: [host, app]}}
                        policies: {p: {type: cloudify.policies.scaling, targets: [cell], properties: {default_instances: 3}}}
                        """, Map.of());
        // then
        assertThat(prepared.instances()).hasSize(6);
        assertThat(prepared.instances())
                .allSatisfy(instance -> assertThat(instance.scalingGroups()).hasSize(1));
    }

    @Test
    void groupWithinAHostIsMultipliedWithTheHost() {
        // when
        PreparedDeployment prepared =
                prepare(GRAPH + "node_templates:\n" + scaled("host", 2) + scaled("app", 1, in("host")) + """
                        groups: {cell: {members: [app]}}
                        policies: {p: {type: cloudify.policies.scaling, targets: [cell], properties: {default_instances: 3}}}
                        """, Map.of());
        // then
        assertThat(prepared.instances().stream()
                        .filter(instance -> instance.node().equals("app")))
                .hasSize(6)
                .allSatisfy(app -> assertThat(app.hostId()).startsWith("host_"));
    }

    @Test
    void idsThatExistAreNotUsedAgain() {
        // given
        taken.add("n_000000");
        // when
        PreparedDeployment prepared = prepare("node_types: {t: {}}\nnode_templates: {n: {type: t}}", Map.of());
        // then
        assertThat(prepared.instances()).extracting(NodeInstance::id).containsExactly("n_000001");
    }

    @Test
    void idsOfManyInstancesAreLookedForTogether() {
        // given
        taken.addAll(Set.of("host_000001", "host_000302", "app_000777"));
        // when
        PreparedDeployment prepared =
                prepare(GRAPH + "node_templates:\n" + scaled("host", 300) + scaled("app", 2, in("host")), Map.of());
        // then
        assertThat(prepared.instances())
                .extracting(NodeInstance::id)
                .hasSize(900)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(taken);
        assertThat(looks)
                .as("two for hosts and two for apps, and another for each taken one")
                .isLessThan(8);
    }

    @Test
    void aSlipInANumberDoesNotFillTheMemory() {
        // when
        RefusedDeployment refusal =
                refusal(GRAPH + "node_templates:\n" + scaled("host", 1000) + scaled("app", 1000, in("host")), Map.of());
        // then
        assertThat(refusal.detail()).startsWith("the deployment would have more than 100000 node instances");
    }
}
