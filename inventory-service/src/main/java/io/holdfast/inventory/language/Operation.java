package io.holdfast.inventory.language;

import io.holdfast.contracts.language.IntrinsicFunctions;
import io.holdfast.contracts.language.PythonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operation of an interface, of a type or of a template.
 *
 * @param implementation {@code plugin.function}, a script's path or URL, or the script itself; empty for one that does nothing
 * @param schema what a type says about its inputs; empty for templates
 * @param inputs values, of types their defaults
 */
record Operation(
        String implementation,
        Map<String, Property> schema,
        Map<String, YamlNode> inputs,
        @Nullable String executor,
        @Nullable Long maxRetries,
        @Nullable Number retryIntervalSeconds,
        @Nullable Number timeoutSeconds,
        @Nullable Boolean timeoutRecoverable,
        Mark mark) {

    static final String CENTRAL = "central_deployment_agent";
    static final String HOST = "host_agent";

    /** {@link #HOST} for a node in a host, else {@link #CENTRAL}; who carries it out decides. */
    static final String AUTO = "auto";

    private static final List<String> KEYS = List.of(
            "implementation", "inputs", "executor", "max_retries", "retry_interval", "timeout", "timeout_recoverable");

    static Operation nothing(Mark mark) {
        return new Operation("", Map.of(), Map.of(), null, null, null, null, null, mark);
    }

    /** Whether it says nothing at all: no implementation, no inputs, and nothing of how it is carried out. */
    boolean isNothing() {
        return equals(nothing(mark));
    }

    /**
     * @param name {@code interface.operation}
     * @param ofType whether its inputs are a schema and not values
     */
    static Operation of(YamlNode node, Mark mark, String name, String what, boolean ofType, LanguageVersion version) {
        if (Shape.isNull(node)) {
            return nothing(mark);
        }
        if (node instanceof YamlNode.Scalar) {
            return new Operation(Shape.text(node, what), Map.of(), Map.of(), null, null, null, null, null, node.mark());
        }
        YamlNode.Mapping mapping = Shape.mapping(node, what);
        Shape.only(mapping, what, KEYS);
        String implementation = Shape.optionalText(mapping, "implementation", what);
        String executor = Shape.optionalText(mapping, "executor", what);
        if (executor != null && !executor.equals(CENTRAL) && !executor.equals(HOST)) {
            throw new InvalidBlueprint(
                    Shape.required(mapping, "executor", what).mark(),
                    "Operation '" + name + "' has an illegal executor value '" + executor + "'. valid values are ["
                            + CENTRAL + "," + HOST + "]",
                    "one of these");
        }
        YamlNode.Mapping inputs = Shape.mappingOrEmpty(mapping, "inputs", "'inputs' of " + what);
        Map<String, Property> schema = ofType ? Property.all(inputs, "the inputs of " + what, true, version) : Map.of();
        Map<String, YamlNode> values = new LinkedHashMap<>();
        if (ofType) {
            schema.forEach((input, property) -> {
                YamlNode fallback = property.definition().get("default");
                if (property.fallback() != null) {
                    values.put(input, property.fallback());
                } else if (fallback != null) {
                    // The default is null, which is a value.
                    values.put(input, fallback);
                }
            });
        } else {
            values.putAll(inputs.entries());
        }
        return new Operation(
                implementation == null ? "" : implementation,
                schema,
                values,
                executor,
                retries(mapping, what, version),
                seconds(mapping, "retry_interval", what, version),
                seconds(mapping, "timeout", what, null),
                Shape.optionalFlag(mapping, "timeout_recoverable", what),
                mark);
    }

    private static @Nullable Long retries(YamlNode.Mapping mapping, String what, LanguageVersion version) {
        Long retries = Shape.optionalInteger(mapping, "max_retries", what);
        if (retries != null) {
            version.require(LanguageVersion.DSL_1_1, "max_retries", what, mapping.keyMark("max_retries"));
            if (retries < -1) {
                throw InvalidBlueprint.unparsable(
                        mapping.keyMark("max_retries"),
                        "'max_retries' value must be either -1 to specify unlimited retries or a non negative number but got "
                                + retries + ".",
                        "another number in " + what,
                        null);
            }
        }
        return retries;
    }

    private static @Nullable Number seconds(
            YamlNode.Mapping mapping, String key, String what, @Nullable LanguageVersion version) {
        YamlNode node = mapping.given(key);
        if (node == null) {
            return null;
        }
        if (version != null) {
            version.require(LanguageVersion.DSL_1_1, key, what, mapping.keyMark(key));
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof Number number) {
            if (number.doubleValue() < 0) {
                throw InvalidBlueprint.unparsable(
                        node.mark(),
                        "'" + key + "' value must be a non-negative number but got " + PythonText.str(number) + ".",
                        "seconds, 0 or more, in " + what,
                        null);
            }
            return number;
        }
        throw new InvalidBlueprint(
                node.mark(), "'" + key + "' of " + what + " is " + node.described(), "seconds, 0 or more");
    }

    /**
     * This operation of a template in place of its type's.
     *
     * @param what for messages
     * @throws InvalidBlueprint if an input has no value
     */
    Operation overType(@Nullable Operation ofType, String what) {
        if (ofType == null || ofType.isNothing() || isNothing()) {
            return this;
        }
        boolean same = implementation.isEmpty() || implementation.equals(ofType.implementation);
        Map<String, YamlNode> mergedInputs = new LinkedHashMap<>();
        if (same) {
            mergedInputs.putAll(ofType.inputs);
        }
        mergedInputs.putAll(inputs);
        return merged(ofType, same, same ? ofType.schema : Map.of(), mergedInputs)
                .complete(what);
    }

    /**
     * The same, whose inputs all have values, whether it is implemented and its inputs are required or not.
     *
     * @throws InvalidBlueprint if one has none
     */
    Operation complete(String what) {
        List<Property> missing = schema.values().stream()
                .filter(input -> !inputs.containsKey(input.name()))
                .toList();
        if (!missing.isEmpty()) {
            String names =
                    missing.stream().map(input -> "'" + input.name() + "'").collect(Collectors.joining(", "));
            throw new InvalidBlueprint(
                    mark,
                    missing.size() == 1
                            ? "Input " + names + " is missing a value"
                            : "Inputs " + names + " are missing a value",
                    "values in " + what + ", or defaults at " + missing.get(0).mark());
        }
        return this;
    }

    /** The same, with the type that the schema gives an input beside a function that is its value. */
    Operation withTypedFunctions() {
        Map<String, YamlNode> typed = new LinkedHashMap<>(inputs);
        schema.forEach((name, input) -> {
            if (input.type() != null
                    && ValueTypes.isBuiltIn(input.type())
                    && typed.get(name) instanceof YamlNode.Mapping function
                    && Functions.isFunction(function)) {
                typed.put(
                        name,
                        function.with(IntrinsicFunctions.TYPE, new YamlNode.Scalar(input.type(), function.mark())));
            }
        });
        return new Operation(
                implementation,
                schema,
                typed,
                executor,
                maxRetries,
                retryIntervalSeconds,
                timeoutSeconds,
                timeoutRecoverable,
                mark);
    }

    private Operation merged(
            Operation base, boolean same, Map<String, Property> mergedSchema, Map<String, YamlNode> mergedInputs) {
        return new Operation(
                implementation.isEmpty() ? base.implementation : implementation,
                mergedSchema,
                mergedInputs,
                executor != null || !same ? executor : base.executor,
                maxRetries != null || !same ? maxRetries : base.maxRetries,
                retryIntervalSeconds != null || !same ? retryIntervalSeconds : base.retryIntervalSeconds,
                timeoutSeconds != null || !same ? timeoutSeconds : base.timeoutSeconds,
                timeoutRecoverable != null || !same ? timeoutRecoverable : base.timeoutRecoverable,
                mark);
    }

    /** As in the plan's {@code interfaces}. */
    Map<String, @Nullable Object> toData(boolean withSchema) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("implementation", implementation);
        data.put("inputs", withSchema ? Property.toData(schema) : inputData());
        data.put("executor", executor);
        data.put("max_retries", maxRetries);
        data.put("retry_interval", retryIntervalSeconds);
        data.put("timeout", timeoutSeconds);
        data.put("timeout_recoverable", timeoutRecoverable);
        return data;
    }

    /** The types of the inputs whose values are mappings: those of the schema, else what a mapping itself has as {@code type}. */
    Map<String, @Nullable Object> inputTypes() {
        Map<String, @Nullable Object> types = new LinkedHashMap<>();
        inputs.forEach((name, value) -> {
            if (!(value instanceof YamlNode.Mapping mapping)) {
                return;
            }
            Property declared = schema.get(name);
            YamlNode own = mapping.get(IntrinsicFunctions.TYPE);
            if (declared != null && declared.type() != null) {
                types.put(name, declared.type());
            } else if (own != null) {
                types.put(name, own.toData());
            }
        });
        return types;
    }

    Map<String, @Nullable Object> inputData() {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        inputs.forEach((name, value) -> data.put(name, value.toData()));
        return data;
    }
}
