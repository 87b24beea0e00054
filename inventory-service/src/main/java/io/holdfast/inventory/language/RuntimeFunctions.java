package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that only a deployment that is there can answer. Their arguments are plain and of the right shape. */
final class RuntimeFunctions {

    private final RuntimeValues values;
    private final Map<String, String> roleInstances;

    /** @param roleInstances ids of the instances that SELF, SOURCE and TARGET mean, as far as they mean instances */
    RuntimeFunctions(RuntimeValues values, Map<String, String> roleInstances) {
        this.values = values;
        this.roleInstances = Map.copyOf(roleInstances);
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
                yield along(
                        values.capability(deployment, capability),
                        items.subList(2, items.size()),
                        "capability " + capability + " of the deployment " + deployment,
                        mark);
            }
            case "get_environment_capability" -> {
                String parent = values.parent()
                        .orElseThrow(
                                () -> new NotEvaluable("get_environment_capability is used, but the deployment has no"
                                        + " label csys-obj-parent that names its environment"));
                String capability = text(items.get(0));
                yield along(
                        values.capability(parent, capability),
                        rest(items),
                        "capability " + capability + " of the environment " + parent,
                        mark);
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
            throw new NotEvaluable("More than one node instance found for node \"" + node
                    + "\". Cannot resolve a node instance unambiguously.");
        }
        YamlNode found = instances.isEmpty()
                ? properties.find(rest(items))
                : of(instances.get(0), rest(items), properties, mark);
        return found == null ? new YamlNode.Scalar(null, mark) : found;
    }

    private static @Nullable YamlNode of(
            RuntimeValues.Instance instance, List<YamlNode> path, Properties properties, Mark mark) {
        YamlNode value = YamlNode.of(instance.runtimeProperties(), mark);
        for (YamlNode step : path) {
            value = value == null ? null : Evaluator.child(value, step);
        }
        return value == null ? properties.find(path) : value;
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
        if (items.get(1) instanceof YamlNode.Scalar scalar
                && scalar.value() instanceof Long index
                && index >= 0
                && index < labels.size()) {
            return YamlNode.of(labels.get(index.intValue()), mark);
        }
        throw new NotEvaluable("The provided label-values list index is out of range. The key `" + key + "` has "
                + labels.size() + " values");
    }

    private YamlNode consumers(YamlNode argument, Mark mark) {
        List<String> ids = values.consumers();
        return switch (PythonText.str(argument.toData())) {
            case "ids" -> YamlNode.of(ids, mark);
            case "count" -> YamlNode.of(ids.size(), mark);
            default ->
                throw new NotEvaluable("get_consumers is given " + argument.described() + ", expected ids or count");
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
