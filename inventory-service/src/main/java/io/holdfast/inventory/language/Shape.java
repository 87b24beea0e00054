package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of the form of values. {@code what} names the value in messages: {@code node template 'web'}. */
final class Shape {

    private Shape() {}

    static YamlNode.Mapping mapping(YamlNode node, String what) {
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        throw wrong(node, "dict", "a mapping as " + what);
    }

    /** Null is an empty mapping: a key without anything after its colon. */
    static YamlNode.Mapping mappingOrEmpty(@Nullable YamlNode node, String what) {
        if (node == null || isNull(node)) {
            return YamlNode.Mapping.empty(node == null ? Mark.of("") : node.mark());
        }
        return mapping(node, what);
    }

    /** An entry that is a mapping, empty where it is missing. */
    static YamlNode.Mapping mappingOrEmpty(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        return node == null ? YamlNode.Mapping.empty(parent.keyMark(key)) : mapping(node, what);
    }

    static List<YamlNode> list(@Nullable YamlNode node, String what) {
        if (node == null || isNull(node)) {
            return List.of();
        }
        if (node instanceof YamlNode.Sequence sequence) {
            return sequence.items();
        }
        throw wrong(node, "list", "a list as " + what);
    }

    static String text(YamlNode node, String what) {
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof String text) {
            return text;
        }
        throw wrong(node, "string", "text as " + what);
    }

    static @Nullable String optionalText(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        return node == null ? null : text(node, "'" + key + "' of " + what);
    }

    static String requiredText(YamlNode.Mapping parent, String key, String what) {
        return text(required(parent, key, what), "'" + key + "' of " + what);
    }

    static @Nullable Boolean optionalFlag(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        if (node == null) {
            return null;
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof Boolean flag) {
            return flag;
        }
        throw wrong(node, "boolean", "true or false as '" + key + "' of " + what);
    }

    static @Nullable Long optionalInteger(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        if (node == null) {
            return null;
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof Long number) {
            return number;
        }
        throw wrong(node, "integer", "an integer as '" + key + "' of " + what);
    }

    static YamlNode required(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        if (node == null) {
            throw new InvalidBlueprint(
                    parent.keyMark(key),
                    "'" + key + "' key is required but it is currently missing",
                    "this key in " + what);
        }
        return node;
    }

    static List<String> texts(@Nullable YamlNode node, String what) {
        List<String> texts = new ArrayList<>();
        for (YamlNode item : list(node, what)) {
            texts.add(text(item, "an item of " + what));
        }
        return texts;
    }

    /**
     * Refuses keys that mean nothing here.
     *
     * @param keys in the order in which a refusal names them
     */
    static void only(YamlNode.Mapping mapping, String what, Collection<String> keys) {
        for (String key : mapping.entries().keySet()) {
            if (!keys.contains(key)) {
                throw new InvalidBlueprint(
                        mapping.keyMark(key),
                        "'" + key + "' is not in schema. Valid schema values: " + PythonText.repr(List.copyOf(keys)),
                        "one of these in " + what + Texts.near(keys, key));
            }
        }
    }

    static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() == null;
    }

    /** As the existing API calls the type of a value. */
    static String typeName(YamlNode node) {
        return switch (PythonText.typeName(node.toData())) {
            case "str" -> "string";
            case "int" -> "integer";
            case "bool" -> "boolean";
            default -> PythonText.typeName(node.toData());
        };
    }

    private static InvalidBlueprint wrong(YamlNode node, String type, String expected) {
        return new InvalidBlueprint(
                node.mark(),
                "Expected '" + type + "' type but found '" + typeName(node) + "' type",
                expected + ", not " + node.described());
    }
}
