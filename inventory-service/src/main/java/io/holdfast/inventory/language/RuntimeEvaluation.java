package io.holdfast.inventory.language;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Replaces all functions in a value by what they are now, for a deployment that is there. */
public final class RuntimeEvaluation {

    /**
     * What the deployment was made with.
     *
     * @param nodeProperties by the nodes' names
     */
    public record Facts(
            Map<String, @Nullable Object> inputs, Map<String, Map<String, @Nullable Object>> nodeProperties) {}

    /** @param instance null where a node is meant, not one of its instances */
    public record Role(String node, @Nullable String instance) {}

    /** What SELF, SOURCE and TARGET mean; null: nothing. */
    public record Roles(
            @Nullable Role self,
            @Nullable Role source,
            @Nullable Role target) {

        public static final Roles NONE = new Roles(null, null, null);
    }

    private RuntimeEvaluation() {}

    /**
     * @param value plain
     * @param place where it stands, for messages
     * @throws NotEvaluable for what has no value
     */
    public static @Nullable Object evaluate(
            @Nullable Object value, Facts facts, Roles roles, String place, RuntimeValues values) {
        return evaluate(value, facts, roles, place, values, false);
    }

    /**
     * As the other, with a text in place of an attribute of which it is not clear whose it is: the other outputs are of use all the same.
     */
    public static @Nullable Object evaluateOutput(
            @Nullable Object value, Facts facts, String place, RuntimeValues values) {
        return evaluate(value, facts, Roles.NONE, place, values, true);
    }

    private static @Nullable Object evaluate(
            @Nullable Object value,
            Facts facts,
            Roles roles,
            String place,
            RuntimeValues values,
            boolean errorsAreValues) {
        Mark mark = Mark.of(place);
        YamlNode node = YamlNode.of(value, mark);
        try {
            Functions.each(node, Functions::checkShape);
            if (!Functions.containsFunction(node)) {
                return node.toData(); // without reading all that functions might ask for
            }
            Map<String, YamlNode> inputs = new LinkedHashMap<>();
            facts.inputs().forEach((name, input) -> inputs.put(name, YamlNode.of(input, mark)));
            Map<String, YamlNode.Mapping> properties = new LinkedHashMap<>();
            facts.nodeProperties()
                    .forEach((name, all) -> properties.put(name, (YamlNode.Mapping) YamlNode.of(all, mark)));
            Map<String, String> instances = new LinkedHashMap<>();
            put(instances, "SELF", roles.self());
            put(instances, "SOURCE", roles.source());
            put(instances, "TARGET", roles.target());
            Evaluator evaluator =
                    new Evaluator(inputs, properties, new RuntimeFunctions(values, instances, errorsAreValues));
            return evaluator
                    .evaluate(
                            node,
                            new Evaluator.Context(
                                    node(roles.self()), node(roles.source()), node(roles.target()), null, place))
                    .toData();
        } catch (InvalidBlueprint | Mismatch e) {
            throw new NotEvaluable(place + ": " + e.getMessage(), e);
        }
    }

    private static void put(Map<String, String> instances, String name, @Nullable Role role) {
        if (role != null && role.instance() != null) {
            instances.put(name, role.instance());
        }
    }

    private static @Nullable String node(@Nullable Role role) {
        return role == null ? null : role.node();
    }
}
