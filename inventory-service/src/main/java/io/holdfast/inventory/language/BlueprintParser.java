package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes plans of blueprints. Immutable and thread-safe. */
public final class BlueprintParser {

    private static final ValueTypes.Wording INPUT = new ValueTypes.Wording(
            "Undefined property {1} in default value of input {0}.", "Value of input {0} is missing property {1}.");

    private final YamlReader reader;
    private final Library library;

    public BlueprintParser(YamlReader reader, Library library) {
        this.reader = reader;
        this.library = library;
    }

    /**
     * @param mainFile path in the archive
     * @throws InvalidBlueprint at the first rule that the blueprint breaks
     */
    public Plan parse(BlueprintFiles archive, String mainFile) {
        Importer.Result read = new Importer(reader, library).read(archive, mainFile);
        return new Parsing(read).plan();
    }

    /** Of one blueprint. */
    private static final class Parsing {

        private final LanguageVersion version;
        private final Sections sections;
        private final Types types;
        private final Map<String, Plugin> plugins = new LinkedHashMap<>();
        private final Implementations implementations;
        private final Map<String, NodeTemplate> nodes;
        private final Groups groups;
        private final FunctionCheck functions;

        Parsing(Importer.Result read) {
            this.version = read.version();
            this.sections = read.sections();
            this.types = new Types(sections, version);
            sections.of(Sections.PLUGINS)
                    .values()
                    .forEach(definition -> plugins.put(definition.name(), Plugin.of(definition, version)));
            this.implementations = new Implementations(plugins, read.files());
            this.nodes = new NodeTemplates(sections, types, version).read();
            this.groups = new Groups(sections, types.valueTypes(), nodes);
            this.functions = new FunctionCheck(sections, nodes, version);
        }

        Plan plan() {
            Map<String, @Nullable Object> plan = new LinkedHashMap<>();
            YamlNode description = sections.whole(Sections.DESCRIPTION);
            plan.put("description", description == null ? null : Shape.text(description, "'description'"));
            YamlNode metadata = sections.whole(Sections.METADATA);
            plan.put(
                    "metadata",
                    metadata == null
                            ? null
                            : Shape.mapping(metadata, "'metadata'").toData());
            plan.put("inputs", inputs());
            List<Map<String, @Nullable Object>> nodePlans = new NodePlans(nodes, implementations, functions).all();
            plan.put("nodes", nodePlans);
            plan.put("relationships", relationships());
            plan.put("workflows", workflows(plan));
            plan.put("outputs", values(Sections.OUTPUTS));
            plan.put("capabilities", values(Sections.CAPABILITIES));
            plan.put("groups", groups.groups);
            plan.put("policies", groups.policies);
            plan.put("policy_types", groups.policyTypes);
            plan.put("policy_triggers", groups.policyTriggers);
            plan.put("scaling_groups", groups.scalingGroups);
            plan.put("labels", labels(Sections.LABELS, true));
            plan.put("blueprint_labels", labels(Sections.BLUEPRINT_LABELS, false));
            plan.put("resource_tags", resourceTags());
            plan.put("deployment_settings", settings());
            plan.put("data_types", dataTypes());
            plan.put("version", versionData());
            plan.put("imported_blueprints", sections.importedBlueprints());
            plan.put("namespaces_mapping", sections.namespaces());
            plan.put("deployment_plugins_to_install", pluginsOf(nodePlans, "deployment_plugins_to_install"));
            plan.put("host_agent_plugins_to_install", pluginsOf(nodePlans, "plugins_to_install"));
            uploadResources(plan);
            plan.put("requirements", functions.requirements());
            return new Plan(plan);
        }

        private Map<String, @Nullable Object> inputs() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            sections.of(Sections.INPUTS).values().forEach(definition -> {
                Map<String, YamlNode> one = Map.of(definition.name(), definition.node());
                YamlNode.Mapping schema =
                        new YamlNode.Mapping(one, Map.of(definition.name(), definition.mark()), definition.mark());
                Property input = checked(
                        Property.all(schema, "the inputs", true, version)
                                .values()
                                .iterator()
                                .next(),
                        "input");
                FunctionCheck.checkShapes(input.fallback());
                data.put(input.name(), input.toData());
            });
            return data;
        }

        /** An input or a parameter: of a known type, with a default that is of the type and satisfies the constraints. */
        private Property checked(Property property, String kind) {
            String what = kind + " '" + property.name() + "'";
            types.valueTypes()
                    .requireKnown(property.type(), property.definition().keyMark("type"), what);
            YamlNode fallback = property.fallback();
            if (fallback == null) {
                return property;
            }
            try {
                YamlNode completed = types.valueTypes()
                        .complete(fallback, property.type(), null, INPUT, property.name(), List.of(), true);
                InputValues.checkItems(property, completed, types.valueTypes());
                InputValues.checkConstraints(property, completed);
                return property.withFallback(completed);
            } catch (Mismatch e) {
                throw Types.mismatch(e, fallback.mark(), "a default that the input's own type and constraints allow");
            }
        }

        private Map<String, @Nullable Object> relationships() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            types.relationships().forEach((name, type) -> {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("name", name);
                YamlNode parent = type.definition().given("derived_from");
                if (parent != null) {
                    one.put("derived_from", parent.toData());
                }
                one.put("properties", Property.toData(type.properties()));
                for (String key : List.of(Types.SOURCE, Types.TARGET)) {
                    Interfaces interfaces = type.interfaces(key);
                    interfaces.byName().values().forEach(operations -> implementations.check(operations, name));
                    one.put(key, interfaces.toData(true));
                }
                one.put("type_hierarchy", type.hierarchy());
                data.put(name, one);
            });
            return data;
        }

        private Map<String, @Nullable Object> workflows(Map<String, @Nullable Object> plan) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            Map<String, Plugin> used = new LinkedHashMap<>();
            sections.of(Sections.WORKFLOWS).values().forEach(definition -> {
                String what = "workflow '" + definition.name() + "'";
                YamlNode node = definition.node();
                if (node instanceof YamlNode.Scalar scalar && !(scalar.value() instanceof String)) {
                    throw new InvalidBlueprint(
                            node.mark(),
                            Shape.isNull(node)
                                    ? "'" + definition.name() + "' key is required but it is currently missing"
                                    : "Expected 'dict' type but found '" + Shape.typeName(node) + "' type",
                            "a mapping or the function of a plugin as " + what + ", not " + node.described());
                }
                YamlNode.Mapping body = node instanceof YamlNode.Scalar
                        ? YamlNode.Mapping.empty(node.mark())
                        : definition.mapping(what);
                Shape.only(body, what, List.of("mapping", "parameters", "is_cascading", "availability_rules"));
                YamlNode mapping = node instanceof YamlNode.Scalar ? node : Shape.required(body, "mapping", what);
                Map<String, Property> parameters = new LinkedHashMap<>();
                Property.all(
                                Shape.mappingOrEmpty(body, "parameters", "'parameters' of " + what),
                                what,
                                true,
                                definition.shipped() ? null : version)
                        .forEach((name, parameter) -> parameters.put(name, checked(parameter, "parameter")));
                parameters.values().forEach(parameter -> FunctionCheck.checkShapes(parameter.fallback()));
                Implementations.Call call = implementations.ofWorkflow(mapping, definition.name(), parameters.keySet());
                used.putIfAbsent(call.plugin().name(), call.plugin());
                Map<String, @Nullable Object> parameterData = Property.toData(parameters);
                Implementations.Script script = call.script();
                if (script != null) {
                    Map<String, @Nullable Object> parameter = new LinkedHashMap<>();
                    parameter.put("default", script.value());
                    parameter.put("description", "Workflow script executed by the script plugin");
                    parameterData.put(script.input(), parameter);
                }
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("plugin", call.plugin().name());
                one.put("operation", call.operation());
                one.put("parameters", parameterData);
                Boolean cascading = Shape.optionalFlag(body, "is_cascading", what);
                one.put("is_cascading", cascading != null && cascading);
                one.put("availability_rules", availability(body, what, definition.shipped()));
                data.put(definition.name(), one);
            });
            plan.put(
                    "workflow_plugins_to_install",
                    used.values().stream().map(Plugin::data).toList());
            return data;
        }

        private @Nullable Object availability(YamlNode.Mapping body, String what, boolean shipped) {
            YamlNode rules = body.given("availability_rules");
            if (rules == null) {
                return null;
            }
            YamlNode.Mapping mapping = Shape.mapping(rules, "'availability_rules' of " + what);
            if (!shipped) {
                version.require(
                        LanguageVersion.DSL_1_4, "availability_rules", what, body.keyMark("availability_rules"));
            }
            Shape.only(
                    mapping,
                    "'availability_rules' of " + what,
                    List.of("available", "node_instances_active", "node_types_required"));
            Shape.optionalFlag(mapping, "available", what);
            for (YamlNode state :
                    Shape.list(mapping.given("node_instances_active"), "'node_instances_active' of " + what)) {
                String text = Shape.text(state, "an item of 'node_instances_active' of " + what);
                if (!Set.of("all", "partial", "none").contains(text)) {
                    throw new InvalidBlueprint(
                            state.mark(),
                            "Invalid definition of 'active_node_instances' availability rule: '"
                                    + PythonText.repr(
                                            mapping.get("node_instances_active").toData())
                                    + "'. Allowed values: ('all', 'partial', 'none')",
                            "one of these in " + what);
                }
            }
            Shape.texts(mapping.given("node_types_required"), "'node_types_required' of " + what);
            return mapping.toData();
        }

        private Map<String, @Nullable Object> values(String section) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            sections.of(section).values().forEach(definition -> {
                String what = "'" + definition.name() + "' in '" + section + "'";
                YamlNode.Mapping body = definition.mapping(what);
                Shape.only(body, what, List.of("description", "value", "type"));
                Shape.optionalText(body, "description", what);
                Shape.required(body, "value", what);
                functions.check(
                        body.get("value"), Evaluator.Context.global(section + "." + definition.name() + ".value"));
                data.put(definition.name(), body.toData());
            });
            return data;
        }

        private Map<String, @Nullable Object> labels(String section, boolean functionsAllowed) {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            sections.of(section).values().forEach(definition -> {
                String what = "'" + definition.name() + "' in '" + section + "'";
                YamlNode.Mapping body = definition.mapping(what);
                Shape.only(body, what, List.of("values"));
                for (YamlNode value : Shape.list(Shape.required(body, "values", what), "'values' of " + what)) {
                    boolean function = functionsAllowed && Functions.isFunction(value);
                    if (function && Functions.name(value).startsWith("get_attribute")) {
                        throw new InvalidBlueprint(
                                value.mark(),
                                "The label's value cannot be a runtime property. Please remove the `get_attribute` function"
                                        + " from the values of " + definition.name(),
                                "text, or a function other than get_attribute");
                    }
                    if (!function && !(value.toData() instanceof String)) {
                        throw new InvalidBlueprint(
                                value.mark(),
                                (functionsAllowed
                                                ? "The label's value must be a string or an intrinsic function."
                                                : "The blueprint label's value must be a string.")
                                        + " Please modify the values of " + definition.name(),
                                "text" + (functionsAllowed ? " or a function" : "") + " in " + what + ", not "
                                        + value.described());
                    }
                    functions.check(value, Evaluator.Context.global(section + "." + definition.name()));
                }
                data.put(definition.name(), body.toData());
            });
            return data;
        }

        private Map<String, @Nullable Object> resourceTags() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            sections.of(Sections.RESOURCE_TAGS).values().forEach(definition -> {
                functions.check(definition.node(), Evaluator.Context.global("resource_tags." + definition.name()));
                data.put(definition.name(), definition.node().toData());
            });
            return data;
        }

        private Map<String, @Nullable Object> settings() {
            YamlNode node = sections.whole(Sections.DEPLOYMENT_SETTINGS);
            if (node == null) {
                return new LinkedHashMap<>();
            }
            String what = "'deployment_settings'";
            YamlNode.Mapping settings = Shape.mapping(node, what);
            Shape.only(settings, what, List.of("default_schedules", "default_groups", "id_template", "display_name"));
            Shape.optionalText(settings, "id_template", what);
            Schedules.check(Shape.mappingOrEmpty(settings, "default_schedules", "'default_schedules' of " + what));
            Shape.texts(settings.given("default_groups"), "'default_groups' of " + what);
            functions.check(settings, Evaluator.Context.global("deployment_settings"));
            return settings.toData();
        }

        private void uploadResources(Map<String, @Nullable Object> plan) {
            YamlNode node = sections.whole(Sections.UPLOAD_RESOURCES);
            if (node == null) {
                return;
            }
            String what = "'upload_resources'";
            YamlNode.Mapping resources = Shape.mapping(node, what);
            Shape.only(resources, what, List.of("plugin_resources", "dsl_resources", "parameters"));
            Shape.texts(resources.given("plugin_resources"), "'plugin_resources' of " + what);
            for (YamlNode item : Shape.list(resources.given("dsl_resources"), "'dsl_resources' of " + what)) {
                YamlNode.Mapping resource = Shape.mapping(item, "an item of 'dsl_resources'");
                Shape.only(resource, "an item of 'dsl_resources'", List.of("source_path", "destination_path"));
                Shape.requiredText(resource, "source_path", "an item of 'dsl_resources'");
                Shape.requiredText(resource, "destination_path", "an item of 'dsl_resources'");
            }
            YamlNode.Mapping parameters = Shape.mappingOrEmpty(resources, "parameters", "'parameters' of " + what);
            Shape.only(parameters, "'parameters' of " + what, List.of("fetch_timeout"));
            Shape.optionalInteger(parameters, "fetch_timeout", "'parameters' of " + what);
            plan.put("upload_resources", resources.toData());
        }

        private Map<String, @Nullable Object> dataTypes() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            types.valueTypes().dataTypes().forEach((name, type) -> {
                Map<String, @Nullable Object> one = type.definition().toData();
                one.put("properties", Property.toData(type.properties()));
                data.put(name, one);
            });
            return data;
        }

        private Map<String, @Nullable Object> versionData() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("raw", version.wireName());
            data.put("definitions_name", "cloudify_dsl");
            data.put("definitions_version", List.of(1L, (long) version.ordinal()));
            return data;
        }

        private static List<@Nullable Object> pluginsOf(List<Map<String, @Nullable Object>> nodes, String key) {
            Map<String, @Nullable Object> found = new TreeMap<>();
            for (Map<String, @Nullable Object> node : nodes) {
                if (node.get(key) instanceof List<?> list) {
                    list.forEach(plugin -> found.putIfAbsent(
                            String.valueOf(Plan.mapping(plugin).get("name")), plugin));
                }
            }
            return new ArrayList<>(found.values());
        }
    }

    /** Whether the functions of a blueprint are well formed and refer to what is there, and what they need of the manager. */
    static final class FunctionCheck {

        private static final Map<String, LanguageVersion> SINCE =
                Map.of("concat", LanguageVersion.DSL_1_1, "merge", LanguageVersion.DSL_1_3);

        private final LanguageVersion version;
        private final Set<String> inputs;
        private final Evaluator evaluator;
        private final Set<@Nullable Object> secrets = new TreeSet<>(Comparator.comparing(String::valueOf));
        private final Set<List<@Nullable Object>> parentCapabilities = new LinkedHashSet<>();

        FunctionCheck(Sections sections, Map<String, NodeTemplate> nodes, LanguageVersion version) {
            this.version = version;
            this.inputs = sections.of(Sections.INPUTS).keySet();
            Map<String, YamlNode.Mapping> properties = new LinkedHashMap<>();
            nodes.forEach((name, node) -> properties.put(name, node.properties()));
            this.evaluator = new Evaluator(null, properties);
        }

        /** Of defaults: what their functions refer to depends on where they are used. */
        static void checkShapes(@Nullable YamlNode node) {
            if (node != null) {
                Functions.each(node, Functions::checkShape);
            }
        }

        /** Of values that are not there nothing can be wrong. */
        void check(@Nullable YamlNode node, Evaluator.Context context) {
            if (node == null) {
                return;
            }
            Functions.each(node, function -> {
                Functions.checkShape(function);
                note(function, context);
            });
            try {
                evaluator.evaluate(node, context);
            } catch (Mismatch e) {
                throw InvalidBlueprint.unparsable(
                        e.markOr(node.mark()), e.text(), "a reference to what the blueprint has", e);
            }
        }

        private void note(YamlNode function, Evaluator.Context context) {
            String name = Functions.name(function);
            LanguageVersion since = SINCE.getOrDefault(name, LanguageVersion.DSL_1_0);
            if (!version.has(since)) {
                String wanted = since.wireName().substring("cloudify_dsl_".length());
                throw InvalidBlueprint.unparsable(
                        function.mark(),
                        "Unable to validate Using " + name + " requires using dsl version " + wanted
                                + " or greater, but found: " + version.wireName() + " in " + context.place()
                                + ". function",
                        "tosca_definitions_version: " + since.wireName() + " or later",
                        null);
            }
            YamlNode argument = Functions.argument(function);
            YamlNode first = argument instanceof YamlNode.Sequence sequence
                    ? sequence.items().get(0)
                    : argument;
            boolean known = first instanceof YamlNode.Scalar && !Shape.isNull(first);
            if (name.equals("get_input") && known) {
                String input = PythonText.str(first.toData());
                if (!inputs.contains(input)) {
                    throw InvalidBlueprint.unparsable(
                            first.mark(),
                            "get_input function references an unknown input '" + input + "'.",
                            Texts.oneOf(inputs, input),
                            null);
                }
            } else if (name.equals("get_secret")) {
                secrets.add(argument.toData());
            } else if (name.equals("get_environment_capability") && !Functions.containsFunction(argument)) {
                List<@Nullable Object> path = new ArrayList<>();
                if (argument instanceof YamlNode.Sequence sequence) {
                    sequence.items().forEach(item -> path.add(item.toData()));
                } else {
                    path.add(argument.toData());
                }
                parentCapabilities.add(path);
            }
        }

        Map<String, @Nullable Object> requirements() {
            Map<String, @Nullable Object> data = new LinkedHashMap<>();
            data.put("parent_capabilities", new ArrayList<>(parentCapabilities));
            data.put("secrets", new ArrayList<>(secrets));
            return data;
        }
    }
}
