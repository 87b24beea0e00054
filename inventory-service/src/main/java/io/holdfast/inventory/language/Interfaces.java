package io.holdfast.inventory.language;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Operations by interface. */
record Interfaces(Map<String, Map<String, Operation>> byName) {

    static final Interfaces NONE = new Interfaces(Map.of());

    static Interfaces of(YamlNode.Mapping node, String owner, boolean ofType, LanguageVersion version) {
        Map<String, Map<String, Operation>> interfaces = new LinkedHashMap<>();
        node.entries().forEach((name, body) -> {
            YamlNode.Mapping operations = Shape.mappingOrEmpty(body, "the interface '" + name + "' of " + owner);
            Map<String, Operation> parsed = new LinkedHashMap<>();
            operations.entries().forEach((operation, value) -> {
                parsed.put(
                        operation,
                        Operation.of(
                                value,
                                operations.keyMark(operation),
                                name + "." + operation,
                                what(name, operation, owner),
                                ofType,
                                version));
            });
            interfaces.put(name, parsed);
        });
        return new Interfaces(interfaces);
    }

    /** A type's own interfaces over those that it inherits. An operation that it defines has nothing of the inherited one. */
    Interfaces over(Interfaces parent) {
        Map<String, Map<String, Operation>> merged = copy(parent);
        byName.forEach((name, operations) -> {
            Map<String, Operation> target = merged.computeIfAbsent(name, key -> new LinkedHashMap<>());
            target.putAll(operations);
        });
        return new Interfaces(merged);
    }

    /** A template's own interfaces over those of its type. */
    Interfaces overType(Interfaces ofType, String owner) {
        Map<String, Map<String, Operation>> merged = copy(ofType);
        byName.forEach((name, operations) -> {
            Map<String, Operation> target = merged.computeIfAbsent(name, key -> new LinkedHashMap<>());
            operations.forEach((operation, own) ->
                    target.put(operation, own.overType(target.get(operation), what(name, operation, owner))));
        });
        ofType.byName.forEach((name, operations) -> operations.forEach((operation, inherited) -> {
            if (!byName.getOrDefault(name, Map.of()).containsKey(operation)) {
                inherited.complete(what(name, operation, owner));
            }
        }));
        merged.values().forEach(operations -> operations.replaceAll((name, value) -> value.withTypedFunctions()));
        return new Interfaces(merged);
    }

    private static String what(String name, String operation, String owner) {
        return "the operation '" + name + "." + operation + "' of " + owner;
    }

    private static Map<String, Map<String, Operation>> copy(Interfaces source) {
        Map<String, Map<String, Operation>> copy = new LinkedHashMap<>();
        source.byName.forEach((name, operations) -> copy.put(name, new LinkedHashMap<>(operations)));
        return copy;
    }

    Map<String, @Nullable Object> toData(boolean withSchema) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        byName.forEach((name, operations) -> {
            Map<String, @Nullable Object> one = new TreeMap<>();
            operations.forEach((operation, value) -> one.put(operation, value.toData(withSchema)));
            data.put(name, one);
        });
        return data;
    }
}
