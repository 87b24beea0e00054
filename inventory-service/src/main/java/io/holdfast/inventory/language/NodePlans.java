package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of a plan: operations with their plugins, hosts, plugins to install. */
final class NodePlans {

    private final Map<String, NodeTemplate> nodes;
    private final Implementations implementations;
    private final BlueprintParser.FunctionCheck functions;

    /** Of each node the plugins that its operations need, once for each place where they are carried out. */
    private final Map<String, Set<Plugin>> used = new LinkedHashMap<>();

    /** Of each host the plugins that its agent needs, by name, for the operations of all that is in it. */
    private final Map<String, Map<String, Plugin>> onHosts = new LinkedHashMap<>();

    NodePlans(
            Map<String, NodeTemplate> nodes, Implementations implementations, BlueprintParser.FunctionCheck functions) {
        this.nodes = nodes;
        this.implementations = implementations;
        this.functions = functions;
    }

    List<Map<String, @Nullable Object>> all() {
        List<Map<String, @Nullable Object>> plans = new ArrayList<>();
        Shared shared = new Shared();
        for (NodeTemplate node : nodes.values()) {
            Map<String, @Nullable Object> plan = node(node);
            plan.replaceAll((key, value) -> shared.of(value));
            plans.add(plan);
        }
        plans.forEach(this::addPlugins);
        return plans;
    }

    private Map<String, @Nullable Object> node(NodeTemplate node) {
        String name = node.name();
        functions.check(node.properties(), Evaluator.Context.of(name, "nodes." + name + ".properties"));
        Map<String, @Nullable Object> scalable = node.scalable();
        functions.check(
                YamlNode.of(scalable, node.mark()),
                Evaluator.Context.of(name, "nodes." + name + ".capabilities.scalable"));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("id", name);
        data.put("type", node.type().name());
        data.put("type_hierarchy", node.type().hierarchy());
        data.put("properties", node.properties().toData());
        Map<String, @Nullable Object> instances = new LinkedHashMap<>();
        if (node.instancesToDeploy() != null) {
            instances.put("deploy", node.instancesToDeploy());
        }
        data.put("instances", instances);
        data.put("capabilities", nested("scalable", nested("properties", scalable)));
        data.put("interfaces", node.interfaces().toData(false));
        data.put(
                "operations",
                operations(
                        node.interfaces(),
                        name,
                        "in node '" + name + "' of type '" + node.type().name() + "'",
                        Evaluator.Context.of(name, "nodes." + name + ".operations")));
        List<Map<String, @Nullable Object>> relationships = new ArrayList<>();
        node.relationships().forEach(relationship -> relationships.add(relationship(node, relationship)));
        data.put("relationships", relationships);
        String host = hostOf(node);
        if (host != null) {
            data.put("host_id", host);
        }
        return data;
    }

    private static Map<String, @Nullable Object> nested(String key, Map<String, @Nullable Object> value) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put(key, value);
        return data;
    }

    private Map<String, @Nullable Object> relationship(NodeTemplate node, NodeTemplate.Relationship relationship) {
        String type = relationship.type().name();
        Evaluator.Context context =
                Evaluator.Context.between(node.name(), relationship.target(), "nodes." + node.name() + "." + type);
        functions.check(relationship.properties(), context.within(".properties"));
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", type);
        data.put("target_id", relationship.target());
        data.put("type_hierarchy", relationship.type().hierarchy());
        data.put("properties", relationship.properties().toData());
        data.put(Types.SOURCE, relationship.source().toData(false));
        data.put(Types.TARGET, relationship.destination().toData(false));
        String where = "in relationship of type '" + type + "' in node '";
        data.put(
                "source_operations",
                operations(relationship.source(), node.name(), where + node.name() + "'", context));
        data.put(
                "target_operations",
                operations(
                        relationship.destination(),
                        relationship.target(),
                        where + relationship.target() + "'",
                        context));
        return data;
    }

    /** By full name, and by short name where only one interface has it. */
    private Map<String, @Nullable Object> operations(
            Interfaces interfaces, String executedOn, String where, Evaluator.Context context) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        Set<String> ambiguous = new LinkedHashSet<>();
        interfaces
                .byName()
                .forEach((name, operations) -> operations.forEach((operation, value) -> {
                    String full = name + "." + operation;
                    value.inputs()
                            .forEach((input, given) ->
                                    functions.check(given, context.within("." + full + ".inputs." + input)));
                    Map<String, @Nullable Object> one = operation(
                            value,
                            executedOn,
                            new Implementations.Caller("operation", operation, "In interface '" + name + "' " + where));
                    data.put(full, one);
                    if (data.containsKey(operation)) {
                        ambiguous.add(operation);
                    } else {
                        data.put(operation, one);
                    }
                }));
        ambiguous.forEach(data::remove);
        return data;
    }

    private Map<String, @Nullable Object> operation(Operation operation, String node, Implementations.Caller caller) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        Map<String, @Nullable Object> inputs = operation.inputData();
        String plugin = "";
        String function = "";
        String executor = null;
        boolean implemented = !operation.implementation().isEmpty();
        if (implemented) {
            Implementations.Call call = implementations.ofOperation(operation, caller);
            plugin = call.plugin().name();
            function = call.operation();
            executor = executor(operation, call);
            Implementations.Script script = call.script();
            if (script != null) {
                inputs.put(script.input(), script.value());
            }
            use(call.plugin(), executor, node, operation.mark());
        }
        data.put("plugin", plugin);
        data.put("operation", function);
        data.put("executor", executor);
        data.put("inputs", implemented ? inputs : new LinkedHashMap<>());
        data.put("has_intrinsic_functions", false);
        data.put("max_retries", implemented ? operation.maxRetries() : null);
        data.put("retry_interval", implemented ? operation.retryIntervalSeconds() : null);
        data.put("timeout", implemented ? operation.timeoutSeconds() : null);
        data.put("timeout_recoverable", implemented ? operation.timeoutRecoverable() : null);
        Map<String, @Nullable Object> types = implemented ? operation.inputTypes() : Map.of();
        if (!types.isEmpty()) {
            data.put("inputs_types", types);
        }
        return data;
    }

    private static String executor(Operation operation, Implementations.Call call) {
        String own = operation.executor();
        if (own != null) {
            return own;
        }
        return call.script() == null ? call.plugin().executor() : Operation.AUTO;
    }

    private void use(Plugin plugin, String executor, String nodeName, Mark mark) {
        NodeTemplate node = nodes.get(nodeName);
        if (node == null) {
            return;
        }
        Plugin there = plugin.executedBy(executor);
        used.computeIfAbsent(nodeName, name -> new LinkedHashSet<>()).add(there);
        if (!executor.equals(Operation.HOST)) {
            return;
        }
        String host = hostOf(node);
        if (host == null) {
            throw new InvalidBlueprint(
                    mark,
                    "node '" + nodeName
                            + "' has no relationship which makes it contained within a host and it has a plugin '"
                            + plugin.name() + "' with '" + Operation.HOST
                            + "' as an executor. These types of plugins must be installed on a host",
                    "a relationship " + NodeTemplate.CONTAINED_IN + " to a node of a type derived from "
                            + NodeTemplate.HOST_TYPE + ", or executor: " + Operation.CENTRAL);
        }
        onHosts.computeIfAbsent(host, name -> new LinkedHashMap<>()).putIfAbsent(plugin.name(), there);
    }

    private void addPlugins(Map<String, @Nullable Object> plan) {
        String name = String.valueOf(plan.get("name"));
        Set<Plugin> own = used.getOrDefault(name, Set.of());
        plan.put("plugins", data(own.stream()));
        plan.put(
                "deployment_plugins_to_install",
                data(own.stream().filter(plugin -> plugin.executor().equals(Operation.CENTRAL))));
        if (name.equals(plan.get("host_id"))) {
            plan.put("plugins_to_install", data(onHosts.getOrDefault(name, Map.of()).values().stream()));
        }
    }

    private static List<Map<String, @Nullable Object>> data(Stream<Plugin> plugins) {
        return plugins.map(Plugin::data).toList();
    }

    private @Nullable String hostOf(NodeTemplate node) {
        if (node.isHost()) {
            return node.name();
        }
        String container = node.container();
        NodeTemplate inside = container == null ? null : nodes.get(container);
        return inside == null ? null : hostOf(inside);
    }
}
