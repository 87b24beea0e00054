package io.holdfast.inventory.language;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes deployments of plans. Plans of other versions of the product will do: only what is needed is read, and it is read leniently. */
public final class DeploymentPreparation {

    static final String LOGIC_ERROR = "dsl_parser.exceptions.DSLParsingLogicException";

    private static final String PREFIX = "dsl_parser.exceptions.";

    private static final Mark INPUTS = Mark.of("inputs");

    private static final ValueTypes.Wording INPUT = new ValueTypes.Wording(
            "Undefined property {1} in value of input {0}.", "Value of input {0} is missing property {1}.");

    private final YamlNode.Mapping plan;
    private final Map<String, Property> declared;
    private final ValueTypes types;
    private final ManagerFacts facts;
    private final NamedThings things;

    private DeploymentPreparation(Plan plan, ManagerFacts facts, NamedThings things) {
        this.plan = (YamlNode.Mapping) YamlNode.of(plan.data(), Mark.of("plan"));
        this.declared = properties(part("inputs"));
        Map<String, ValueTypes.DataType> dataTypes = new LinkedHashMap<>();
        part("data_types").entries().forEach((name, node) -> {
            YamlNode.Mapping body = mapping(node);
            dataTypes.put(
                    name,
                    new ValueTypes.DataType(name, List.of(name), properties(mapping(body.get("properties"))), body));
        });
        this.types = new ValueTypes(dataTypes);
        this.facts = facts;
        this.things = new PlannedThings(plan, things);
    }

    /**
     * @param inputs plain values
     * @param atRunTimeOnly leaves all functions to be evaluated later
     * @param things what values of inputs may name, but what is in the plan itself
     * @throws RefusedDeployment {@code missing_required_deployment_input_error}, {@code unknown_deployment_input_error},
     *     {@code constraint_error}, {@code deployment_input_evaluation_error}, {@code unknown_deployment_secret_error},
     *     {@code deployment_creation_error}, with the existing API's texts
     */
    public static PreparedDeployment prepare(
            Plan plan,
            Map<String, @Nullable Object> inputs,
            boolean atRunTimeOnly,
            ManagerFacts facts,
            NamedThings things) {
        return new DeploymentPreparation(plan, facts, things).prepare(inputs, atRunTimeOnly);
    }

    /** Whether a type of an input is none of the blueprint's own. */
    public static boolean isBuiltIn(String type) {
        return ValueTypes.isBuiltIn(type);
    }

    private PreparedDeployment prepare(Map<String, @Nullable Object> given, boolean atRunTimeOnly) {
        Map<String, YamlNode> inputs = inputs(given);
        Map<String, YamlNode.Mapping> properties = new LinkedHashMap<>();
        List<YamlNode.Mapping> nodes = nodes();
        nodes.forEach(node -> properties.put(name(node), mapping(node.get("properties"))));
        Evaluator evaluator = new Evaluator(inputs, properties);
        Evaluator chosen = atRunTimeOnly ? null : evaluator;
        List<Map<String, @Nullable Object>> evaluatedNodes = new ArrayList<>();
        Shared shared = new Shared();
        nodes.forEach(node -> {
            Map<String, @Nullable Object> data = node(node, chosen, evaluator);
            data.replaceAll((key, value) -> shared.of(value));
            evaluatedNodes.add(data);
        });
        Map<String, @Nullable Object> scalingGroups = scalingGroups(evaluator);
        YamlNode outputs = evaluated(part("outputs"), chosen, Evaluator.Context.global("outputs"));
        YamlNode capabilities = evaluated(part("capabilities"), chosen, Evaluator.Context.global("capabilities"));
        YamlNode tags = evaluated(part("resource_tags"), chosen, Evaluator.Context.global("resource_tags"));
        YamlNode labels = evaluated(part("labels"), evaluator, Evaluator.Context.global("labels"));
        YamlNode settings =
                evaluated(part("deployment_settings"), evaluator, Evaluator.Context.global("deployment_settings"));
        checkSecrets(YamlNode.of(evaluatedNodes, INPUTS), outputs, capabilities, labels);
        Dependencies dependencies = new Dependencies();
        for (Map<String, @Nullable Object> node : evaluatedNodes) {
            YamlNode.Mapping evaluatedNode = mapping(YamlNode.of(node, INPUTS));
            String self = name(evaluatedNode);
            String place = "nodes." + self;
            for (String key : List.of("properties", "operations", "relationships")) {
                YamlNode value = evaluatedNode.get(key);
                if (value != null) {
                    dependencies.find(value, place + "." + key, self);
                }
            }
        }
        dependencies.find(outputs, "outputs", null);
        dependencies.find(capabilities, "capabilities", null);
        YamlNode displayName = mapping(settings).given("display_name");
        return new PreparedDeployment(
                plan.get("description") instanceof YamlNode.Scalar scalar && scalar.value() instanceof String text
                        ? text
                        : null,
                data(inputs),
                part("groups").toData(),
                scalingGroups,
                part("policy_types").toData(),
                part("policy_triggers").toData(),
                mapping(outputs).toData(),
                mapping(capabilities).toData(),
                workflows(),
                mapping(tags).toData(),
                labels(mapping(labels)),
                dependencies.named,
                dependencies.functions,
                displayName == null ? null : displayName.toData(),
                mapping(mapping(settings).given("default_schedules")).toData(),
                items(mapping(settings).given("default_groups")).stream()
                        .map(group -> PythonText.str(group.toData()))
                        .toList(),
                evaluatedNodes,
                instances(evaluatedNodes, scalingGroups));
    }

    // --- inputs

    private Map<String, YamlNode> inputs(Map<String, @Nullable Object> given) {
        Map<String, YamlNode> inputs = new LinkedHashMap<>();
        List<@Nullable Object> missing = new ArrayList<>();
        for (Property input : declared.values()) {
            YamlNode value = given.containsKey(input.name())
                    ? YamlNode.of(given.get(input.name()), INPUTS)
                    : input.fallback() == null ? ofDataType(input) : input.fallback();
            if (value != null) {
                inputs.put(input.name(), checked(input, value, given));
            } else if (input.required()) {
                missing.add(input.name());
            } else {
                inputs.put(input.name(), new YamlNode.Scalar(null, INPUTS));
            }
        }
        List<@Nullable Object> expected = new ArrayList<>(declared.keySet());
        if (!missing.isEmpty()) {
            throw new RefusedDeployment(
                    ErrorCode.MISSING_REQUIRED_DEPLOYMENT_INPUT,
                    PREFIX + "MissingRequiredInputError",
                    "Required inputs " + PythonText.repr(missing) + " were not specified - expected inputs: "
                            + PythonText.repr(expected),
                    "give these inputs a value");
        }
        List<@Nullable Object> unknown = new ArrayList<>();
        given.keySet().stream().filter(name -> !declared.containsKey(name)).forEach(unknown::add);
        if (!unknown.isEmpty()) {
            throw new RefusedDeployment(
                    ErrorCode.UNKNOWN_DEPLOYMENT_INPUT,
                    PREFIX + "UnknownInputError",
                    "Unknown inputs " + PythonText.repr(unknown) + " specified - expected inputs: "
                            + PythonText.repr(expected),
                    "leave these inputs out");
        }
        return inputs;
    }

    /** What the properties of the input's data type have by default, if that is all of them. */
    private @Nullable YamlNode ofDataType(Property input) {
        if (input.type() == null || ValueTypes.isBuiltIn(input.type())) {
            return null;
        }
        try {
            YamlNode made = types.complete(
                    YamlNode.Mapping.empty(INPUTS), input.type(), null, INPUT, input.name(), List.of(), true);
            return made instanceof YamlNode.Mapping mapping && mapping.entries().isEmpty() ? null : made;
        } catch (Mismatch e) {
            return null; // Something without a default is in it: then the input itself is missing.
        }
    }

    private YamlNode checked(Property input, YamlNode value, Map<String, @Nullable Object> given) {
        try {
            InputValues.checkConstraints(evaluated(input, given), value, things);
        } catch (Mismatch e) {
            throw new RefusedDeployment(
                    ErrorCode.CONSTRAINT,
                    PREFIX + "ConstraintException",
                    e.text(),
                    "give the input a value that satisfies its constraints");
        }
        try {
            YamlNode completed = types.complete(value, input.type(), null, INPUT, input.name(), List.of(), true);
            InputValues.checkItems(input, completed, types);
            return completed;
        } catch (Mismatch e) {
            throw new RefusedDeployment(
                    ErrorCode.DEPLOYMENT_INPUT_EVALUATION,
                    PREFIX + "DSLParsingException",
                    e.text(),
                    "give the input a value of its type");
        }
    }

    /** With arguments of its constraints that name other inputs as these are; constraints that no input can tell are left out. */
    private Property evaluated(Property input, Map<String, @Nullable Object> given) {
        if (input.constraints().stream().noneMatch(constraint -> Functions.containsFunction(argument(constraint)))) {
            return input;
        }
        Map<String, YamlNode> known = new LinkedHashMap<>();
        declared.forEach((name, other) -> {
            if (given.containsKey(name)) {
                known.put(name, YamlNode.of(given.get(name), INPUTS));
            } else if (other.fallback() != null) {
                known.put(name, other.fallback());
            }
        });
        Evaluator evaluator = new Evaluator(known, Map.of());
        List<Constraint> constraints = new ArrayList<>();
        for (Constraint constraint : input.constraints()) {
            YamlNode argument =
                    evaluated(argument(constraint), evaluator, Evaluator.Context.global("inputs." + input.name()));
            if (!Functions.containsFunction(argument)) {
                constraints.add(new Constraint(constraint.name(), argument.toData(), constraint.errorMessage()));
            }
        }
        return input.withConstraints(constraints);
    }

    private static YamlNode argument(Constraint constraint) {
        return YamlNode.of(constraint.argument(), INPUTS);
    }

    // --- what the plan says

    private Map<String, @Nullable Object> node(YamlNode.Mapping node, @Nullable Evaluator chosen, Evaluator always) {
        String name = name(node);
        Map<String, @Nullable Object> data = node.toData();
        // A plan that came with a snapshot may have one of them only.
        data.put("id", name);
        data.put("name", name);
        Evaluator.Context self = Evaluator.Context.of(name, "nodes." + name);
        data.put(
                "properties",
                evaluated(mapping(node.get("properties")), chosen, self.within(".properties"))
                        .toData());
        data.put("operations", operations(mapping(node.get("operations")), chosen, self.within(".operations")));
        List<@Nullable Object> relationships = new ArrayList<>();
        for (YamlNode item : items(node.get("relationships"))) {
            YamlNode.Mapping relationship = mapping(item);
            String target = text(relationship.get("target_id"));
            Evaluator.Context between =
                    Evaluator.Context.between(name, target, "nodes." + name + "." + text(relationship.get("type")));
            Map<String, @Nullable Object> one = relationship.toData();
            one.put(
                    "properties",
                    evaluated(mapping(relationship.get("properties")), chosen, between.within(".properties"))
                            .toData());
            for (String key : List.of("source_operations", "target_operations")) {
                one.put(key, operations(mapping(relationship.get(key)), chosen, between));
            }
            relationships.add(one);
        }
        data.put("relationships", relationships);
        Map<String, @Nullable Object> capabilities =
                mapping(node.get("capabilities")).toData();
        YamlNode.Mapping scalable = mapping(mapping(node.get("capabilities")).get("scalable"));
        Map<String, @Nullable Object> scalableData = scalable.toData();
        scalableData.put("properties", scalable(mapping(scalable.get("properties")), "node '" + name + "'", always));
        capabilities.put("scalable", scalableData);
        data.put("capabilities", capabilities);
        return data;
    }

    private static Map<String, @Nullable Object> operations(
            YamlNode.Mapping operations, @Nullable Evaluator evaluator, Evaluator.Context context) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        operations.entries().forEach((name, node) -> {
            YamlNode.Mapping operation = mapping(node);
            YamlNode inputs =
                    evaluated(mapping(operation.get("inputs")), evaluator, context.within("." + name + ".inputs"));
            Map<String, @Nullable Object> one = operation.toData();
            one.put("inputs", inputs.toData());
            one.put("has_intrinsic_functions", Functions.containsFunction(inputs));
            data.put(name, one);
        });
        return data;
    }

    private Map<String, @Nullable Object> scalingGroups(Evaluator evaluator) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        part("scaling_groups").entries().forEach((name, node) -> {
            YamlNode.Mapping group = mapping(node);
            Map<String, @Nullable Object> one = group.toData();
            one.put(
                    "properties",
                    scalable(mapping(group.get("properties")), "scaling group '" + name + "'", evaluator));
            data.put(name, one);
        });
        return data;
    }

    private static Map<String, @Nullable Object> scalable(
            YamlNode.Mapping properties, String what, Evaluator evaluator) {
        Map<String, @Nullable Object> data = mapping(evaluated(properties, evaluator, Evaluator.Context.global(what)))
                .toData();
        Scalable.standard(1).forEach(data::putIfAbsent);
        for (String key : List.of(Scalable.DEFAULT, Scalable.MIN, Scalable.MAX)) {
            Object value = data.get(key);
            if (!(value instanceof Long number) || number < (key.equals(Scalable.MAX) ? -1 : 0)) {
                throw logicError(
                        "'" + key + "' of " + what + " is " + PythonText.repr(value) + ", but must be a number from 0",
                        "correct the blueprint or the input that gives the number");
            }
        }
        String problem = Scalable.problem(data);
        if (problem != null) {
            throw logicError(problem, "correct the blueprint or the input that gives the number");
        }
        return data;
    }

    private List<Map<String, @Nullable Object>> workflows() {
        List<Map<String, @Nullable Object>> workflows = new ArrayList<>();
        part("workflows").entries().forEach((name, node) -> {
            YamlNode.Mapping workflow = mapping(node);
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", name);
            one.put("plugin", data(workflow.get("plugin")));
            one.put("operation", data(workflow.get("operation")));
            one.put("parameters", mapping(workflow.get("parameters")).toData());
            one.put("is_cascading", Boolean.TRUE.equals(data(workflow.get("is_cascading"))));
            one.put(
                    "is_available",
                    !Boolean.FALSE.equals(
                            data(mapping(workflow.get("availability_rules")).get("available"))));
            one.put("availability_rules", data(workflow.get("availability_rules")));
            workflows.add(one);
        });
        return workflows;
    }

    private static Map<String, List<@Nullable Object>> labels(YamlNode.Mapping labels) {
        Map<String, List<@Nullable Object>> all = new LinkedHashMap<>();
        labels.entries().forEach((key, node) -> {
            List<@Nullable Object> values = new ArrayList<>();
            items(mapping(node).get("values")).forEach(value -> values.add(value.toData()));
            all.put(key, values);
        });
        return all;
    }

    private List<NodeInstance> instances(
            List<Map<String, @Nullable Object>> nodes, Map<String, @Nullable Object> scalingGroups) {
        Map<String, InstanceGraph.Node> graph = new LinkedHashMap<>();
        for (Map<String, @Nullable Object> data : nodes) {
            YamlNode.Mapping node = mapping(YamlNode.of(data, INPUTS));
            List<InstanceGraph.Link> links = new ArrayList<>();
            for (YamlNode item : items(node.get("relationships"))) {
                YamlNode.Mapping relationship = mapping(item);
                List<String> hierarchy = items(relationship.get("type_hierarchy")).stream()
                        .map(type -> PythonText.str(type.toData()))
                        .toList();
                links.add(new InstanceGraph.Link(
                        text(relationship.get("type")),
                        text(relationship.get("target_id")),
                        hierarchy.contains(NodeTemplate.CONTAINED_IN),
                        "all_to_one"
                                .equals(data(
                                        mapping(relationship.get("properties")).get("connection_type")))));
            }
            YamlNode.Mapping scalable = mapping(
                    mapping(mapping(node.get("capabilities")).get("scalable")).get("properties"));
            graph.put(
                    name(node),
                    new InstanceGraph.Node(
                            name(node),
                            number(scalable),
                            node.given("host_id") == null ? null : text(node.get("host_id")),
                            links));
        }
        Map<String, InstanceGraph.Group> groups = new LinkedHashMap<>();
        mapping(YamlNode.of(scalingGroups, INPUTS)).entries().forEach((name, node) -> {
            YamlNode.Mapping group = mapping(node);
            groups.put(
                    name,
                    new InstanceGraph.Group(
                            name,
                            number(mapping(group.get("properties"))),
                            items(group.get("members")).stream()
                                    .map(member -> PythonText.str(member.toData()))
                                    .toList()));
        });
        return new InstanceGraph(graph, groups, facts).instances();
    }

    private static long number(YamlNode.Mapping scalable) {
        return data(scalable.get(Scalable.DEFAULT)) instanceof Long number ? number : 1;
    }

    private void checkSecrets(YamlNode... parts) {
        Set<String> missing = new TreeSet<>();
        for (YamlNode part : parts) {
            Functions.each(part, function -> {
                if (Functions.name(function).equals("get_secret")) {
                    YamlNode argument = Functions.argument(function);
                    YamlNode first = argument instanceof YamlNode.Sequence sequence
                                    && !sequence.items().isEmpty()
                            ? sequence.items().get(0)
                            : argument;
                    if (data(first) instanceof String key && !facts.hasSecret(key)) {
                        missing.add(key);
                    }
                }
            });
        }
        if (!missing.isEmpty()) {
            throw new RefusedDeployment(
                    ErrorCode.UNKNOWN_DEPLOYMENT_SECRET,
                    PREFIX + "UnknownSecretError",
                    "Required secrets: [" + String.join(", ", missing) + "] don't exist in this tenant",
                    "create these secrets first");
        }
    }

    /** Deployments that functions name, by their ids or by functions that are answered later. */
    private static final class Dependencies {

        private final Map<String, String> named = new LinkedHashMap<>();
        private final Map<String, DependencyFunction> functions = new LinkedHashMap<>();

        void find(YamlNode node, String place, @Nullable String self) {
            if (Functions.isFunction(node)
                    && Functions.name(node).equals("get_capability")
                    && Functions.argument(node) instanceof YamlNode.Sequence path
                    && !path.items().isEmpty()) {
                YamlNode first = path.items().get(0);
                if (first instanceof YamlNode.Scalar scalar && scalar.value() instanceof String deployment) {
                    named.put(place + ".get_capability", deployment);
                    return;
                }
                if (Functions.isFunction(first)) {
                    functions.put(
                            place + ".get_capability",
                            new DependencyFunction(Objects.requireNonNull(first.toData()), self));
                    return;
                }
            }
            if (node instanceof YamlNode.Mapping mapping) {
                mapping.entries().forEach((key, value) -> find(value, place + "." + key, self));
            } else if (node instanceof YamlNode.Sequence sequence) {
                for (int i = 0; i < sequence.items().size(); i++) {
                    find(sequence.items().get(i), place + "[" + i + "]", self);
                }
            }
        }
    }

    private static YamlNode evaluated(YamlNode node, @Nullable Evaluator evaluator, Evaluator.Context context) {
        if (evaluator == null) {
            return node;
        }
        try {
            return evaluator.evaluate(node, context);
        } catch (Mismatch e) {
            throw new RefusedDeployment(
                    ErrorCode.DEPLOYMENT_CREATION,
                    e.reportedAs(LOGIC_ERROR),
                    e.text(),
                    "correct the blueprint or the inputs");
        }
    }

    private static RefusedDeployment logicError(String detail, String hint) {
        return new RefusedDeployment(ErrorCode.DEPLOYMENT_CREATION, LOGIC_ERROR, detail, hint);
    }

    // --- reading the plan

    private YamlNode.Mapping part(String key) {
        return mapping(plan.get(key));
    }

    private List<YamlNode.Mapping> nodes() {
        return items(plan.get("nodes")).stream()
                .map(DeploymentPreparation::mapping)
                .toList();
    }

    private static String name(YamlNode.Mapping node) {
        return text(node.get("name") == null ? node.get("id") : node.get("name"));
    }

    private static Map<String, Property> properties(YamlNode.Mapping schema) {
        Map<String, Property> properties = new LinkedHashMap<>();
        schema.entries().forEach((name, node) -> {
            YamlNode.Mapping body = mapping(node);
            List<Constraint> constraints = new ArrayList<>();
            for (YamlNode item : items(body.get("constraints"))) {
                YamlNode.Mapping operators = mapping(item);
                YamlNode message = operators.given(Constraint.ERROR_MESSAGE);
                operators.entries().forEach((operator, argument) -> {
                    if (!operator.equals(Constraint.ERROR_MESSAGE)) {
                        constraints.add(
                                new Constraint(operator, argument.toData(), message == null ? null : text(message)));
                    }
                });
            }
            properties.put(
                    name,
                    new Property(
                            name,
                            body.given("type") == null ? null : text(body.get("type")),
                            body.given("item_type") == null ? null : text(body.get("item_type")),
                            body.given("default"),
                            !Boolean.FALSE.equals(data(body.get("required"))),
                            constraints,
                            body,
                            body.mark()));
        });
        return properties;
    }

    private static YamlNode.Mapping mapping(@Nullable YamlNode node) {
        return node instanceof YamlNode.Mapping mapping ? mapping : YamlNode.Mapping.empty(INPUTS);
    }

    private static List<YamlNode> items(@Nullable YamlNode node) {
        return node instanceof YamlNode.Sequence sequence ? sequence.items() : List.of();
    }

    private static @Nullable Object data(@Nullable YamlNode node) {
        return node == null ? null : node.toData();
    }

    private static String text(@Nullable YamlNode node) {
        return PythonText.str(data(node));
    }

    private static Map<String, @Nullable Object> data(Map<String, YamlNode> nodes) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        nodes.forEach((name, node) -> data.put(name, node.toData()));
        return data;
    }
}
