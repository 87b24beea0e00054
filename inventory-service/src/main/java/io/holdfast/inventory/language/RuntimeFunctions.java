package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that only a deployment that is there can answer. Their arguments are plain and of the right shape. */
final class RuntimeFunctions {

    private final RuntimeValues values;
    private final Map<String, String> roleInstances;
    private final boolean errorsAreValues;

    /**
     * @param roleInstances ids of the instances that SELF, SOURCE and TARGET mean, as far as they mean instances
     * @param errorsAreValues whether an attribute of nobody knows which instance is a text that says so, not refused
     */
    RuntimeFunctions(RuntimeValues values, Map<String, String> roleInstances, boolean errorsAreValues) {
        this.values = values;
        this.roleInstances = Map.copyOf(roleInstances);
        this.errorsAreValues = errorsAreValues;
    }

    /** What a node's property is, where an instance has no attribute of that name. */
    interface Properties {
        @Nullable
        YamlNode find(List<YamlNode> path);
    }

    /**
     * @param node that the first argument of {@code get_attribute} and its like means
     * @return null where this is no function of ours
     */
    @Nullable
    YamlNode evaluate(String name, YamlNode argument, String node, Properties properties) {
        List<YamlNode> items = argument instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(argument);
        Mark mark = argument.mark();
        return switch (name) {
            case "get_attribute" -> attribute(items, node, properties, mark);
            case "get_attributes_list" -> {
                List<@Nullable Object> all = new ArrayList<>();
                values.instances(node).forEach(instance -> all.add(data(of(instance, rest(items), properties, mark))));
                yield YamlNode.of(all, mark);
            }
            case "get_attributes_dict" -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                for (RuntimeValues.Instance instance : values.instances(node)) {
                    Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
                    for (YamlNode wanted : rest(items)) {
                        List<YamlNode> path =
                                wanted instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(wanted);
                        attributes.put(joined(path), data(of(instance, path, properties, mark)));
                    }
                    all.put(instance.id(), attributes);
                }
                yield YamlNode.of(all, mark);
            }
            case "get_secret" ->
                along(values.secret(text(items.get(0))), rest(items), "secret " + text(items.get(0)), mark);
            case "get_capability" -> {
                String deployment = text(items.get(0));
                String capability = text(items.get(1));
                yield capability(values.capability(deployment, capability), items, mark);
            }
            case "get_environment_capability" -> {
                String parent = values.parent()
                        .orElseThrow(
                                () -> new NotEvaluable("get_environment_capability is used, but the deployment has no"
                                        + " label csys-obj-parent that names its environment"));
                String capability = text(items.get(0));
                List<YamlNode> path = new ArrayList<>(items);
                path.add(0, new YamlNode.Scalar(parent, mark));
                yield capability(values.capability(parent, capability), path, mark);
            }
            case "get_label" -> label(items, mark);
            case "get_sys" -> YamlNode.of(values.system(text(items.get(0)), text(items.get(1))), mark);
            case "get_consumers" -> consumers(argument, mark);
            default -> null;
        };
    }

    private YamlNode attribute(List<YamlNode> items, String node, Properties properties, Mark mark) {
        String role = roleInstances.get(text(items.get(0)));
        List<RuntimeValues.Instance> instances = values.instances(node);
        if (role != null) {
            instances = instances.stream()
                    .filter(instance -> instance.id().equals(role))
                    .toList();
        }
        if (instances.size() > 1) {
            Optional<RuntimeValues.Instance> meant = meant(node, instances);
            if (meant.isEmpty()) {
                String error = "More than one node instance found for node \"" + node
                        + "\". Cannot resolve a node instance unambiguously.";
                if (errorsAreValues) {
                    return new YamlNode.Scalar("<ERROR: " + error + ">", mark);
                }
                throw new NotEvaluable(error);
            }
            instances = List.of(meant.get());
        }
        YamlNode found = instances.isEmpty()
                ? properties.find(rest(items))
                : of(instances.get(0), rest(items), properties, mark);
        return found == null ? new YamlNode.Scalar(null, mark) : found;
    }

    /**
     * Which of several instances of a node is meant: the only one that SELF has a relationship to, else the only one in the same
     * instance of a scaling group as SELF, or as SOURCE or TARGET. Source: the blueprint language, {@code get_attribute}.
     */
    private Optional<RuntimeValues.Instance> meant(String node, List<RuntimeValues.Instance> instances) {
        Optional<RuntimeValues.Instance> self = roleInstance("SELF");
        if (self.isEmpty()) {
            return roleInstance("SOURCE")
                    .flatMap(source -> inSameGroup(source, instances))
                    .or(() -> roleInstance("TARGET").flatMap(target -> inSameGroup(target, instances)));
        }
        Set<String> targets = Set.copyOf(self.get().targets().getOrDefault(node, List.of()));
        Optional<RuntimeValues.Instance> related = targets.size() == 1
                ? instances.stream()
                        .filter(instance -> targets.contains(instance.id()))
                        .findFirst()
                : Optional.empty();
        return related.or(() -> inSameGroup(self.get(), instances));
    }

    private Optional<RuntimeValues.Instance> roleInstance(String role) {
        return Optional.ofNullable(roleInstances.get(role)).flatMap(values::instance);
    }

    private static Optional<RuntimeValues.Instance> inSameGroup(
            RuntimeValues.Instance one, List<RuntimeValues.Instance> instances) {
        Set<String> shared = instances.get(0).groups().keySet();
        return one.groups().entrySet().stream()
                .filter(group -> shared.contains(group.getKey()))
                .findFirst()
                .map(group -> instances.stream()
                        .filter(instance ->
                                group.getValue().equals(instance.groups().get(group.getKey())))
                        .toList())
                .filter(together -> together.size() == 1)
                .map(together -> together.get(0));
    }

    private static @Nullable YamlNode of(
            RuntimeValues.Instance instance, List<YamlNode> path, Properties properties, Mark mark) {
        YamlNode value = YamlNode.of(instance.runtimeProperties(), mark);
        for (YamlNode step : path) {
            value = value == null ? null : Evaluator.child(value, step);
        }
        if (value != null) {
            return value;
        }
        return switch (path.size() == 1 ? text(path.get(0)) : "") {
            case "node_instance_id" -> new YamlNode.Scalar(instance.id(), mark);
            case "node_instance_index" -> new YamlNode.Scalar((long) instance.index(), mark);
            default -> properties.find(path);
        };
    }

    /** @param path with the deployment and the capability at its beginning */
    private static YamlNode capability(@Nullable Object value, List<YamlNode> path, Mark mark) {
        YamlNode found = YamlNode.of(value, mark);
        for (int i = 2; i < path.size(); i++) {
            YamlNode next = Evaluator.child(found, path.get(i));
            if (next == null) {
                throw new NotEvaluable("Unable to evaluate get_capability function: " + missing(found, path, i));
            }
            found = next;
        }
        return found;
    }

    private static String missing(YamlNode inside, List<YamlNode> path, int index) {
        String deployment = text(path.get(0));
        String from = Evaluator.joined(path.subList(1, index));
        String step = text(path.get(index));
        if (inside instanceof YamlNode.Mapping) {
            return "Attribute '" + step + "' doesn't exist in '" + from + "' in deployment '" + deployment + "'.";
        }
        if (!(inside instanceof YamlNode.Sequence sequence)) {
            return "Object " + Evaluator.joined(path.subList(2, index)) + ", in capability '" + text(path.get(1))
                    + "' in deployment '" + deployment + "', has no attribute " + step;
        }
        return Evaluator.isInteger(path.get(index))
                ? "List size of '" + from + "' is " + sequence.items().size() + ", in deployment '" + deployment
                        + "', but index " + step + " is retrieved."
                : "Item in index " + index + " in the get_capability arguments list ["
                        + String.join(
                                ", ", path.stream().map(RuntimeFunctions::text).toList())
                        + "] is expected to be an int but got "
                        + PythonText.typeName(path.get(index).toData()) + ".";
    }

    private static YamlNode along(@Nullable Object value, List<YamlNode> path, String what, Mark mark) {
        YamlNode found = YamlNode.of(value, mark);
        for (YamlNode step : path) {
            YamlNode next = Evaluator.child(found, step);
            if (next == null) {
                throw new NotEvaluable("the " + what + " has no `" + joined(path) + "`");
            }
            found = next;
        }
        return found;
    }

    private YamlNode label(List<YamlNode> items, Mark mark) {
        String key = text(items.get(0));
        List<String> labels = values.labels(key);
        if (labels.isEmpty()) {
            throw new NotEvaluable("The deployment `" + values.system("deployment", "id")
                    + "` does not have a label with the key `" + key + "` assigned to it");
        }
        if (items.size() == 1) {
            return YamlNode.of(labels, mark);
        }
        BigInteger index = new BigInteger(text(items.get(1)));
        if (index.signum() >= 0 && index.compareTo(BigInteger.valueOf(labels.size())) < 0) {
            return YamlNode.of(labels.get(index.intValue()), mark);
        }
        throw new NotEvaluable("The provided label-values list index is out of range. The key `" + key + "` has "
                + labels.size() + " values");
    }

    private YamlNode consumers(YamlNode argument, Mark mark) {
        List<String> ids = values.consumers();
        return switch (PythonText.str(argument.toData())) {
            case "ids" -> YamlNode.of(ids, mark);
            case "names" -> YamlNode.of(values.consumerNames(), mark);
            case "count" -> YamlNode.of(ids.size(), mark);
            default ->
                throw new NotEvaluable(
                        "get_consumers is given " + argument.described() + ", expected ids, names or count");
        };
    }

    private static List<YamlNode> rest(List<YamlNode> items) {
        return items.subList(1, items.size());
    }

    private static @Nullable Object data(@Nullable YamlNode node) {
        return node == null ? null : node.toData();
    }

    private static String joined(List<YamlNode> path) {
        return String.join(".", path.stream().map(RuntimeFunctions::text).toList());
    }

    private static String text(YamlNode node) {
        return PythonText.str(node.toData());
    }
}
