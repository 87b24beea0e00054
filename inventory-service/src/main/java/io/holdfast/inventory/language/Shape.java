package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks of the form of values. {@code what} names the value in messages: {@code node template 'web'}. */
final class Shape {

    private Shape() {}

    static YamlNode.Mapping mapping(YamlNode node, String what) {
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping;
        }
        throw wrong(node, what, "a mapping");
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
        throw wrong(node, what, "a list");
    }

    static String text(YamlNode node, String what) {
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof String text) {
            return text;
        }
        throw wrong(node, what, "text");
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
        throw wrong(node, "'" + key + "' of " + what, "true or false");
    }

    static @Nullable Long optionalInteger(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        if (node == null) {
            return null;
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.value() instanceof Long number) {
            return number;
        }
        throw wrong(node, "'" + key + "' of " + what, "an integer");
    }

    static YamlNode required(YamlNode.Mapping parent, String key, String what) {
        YamlNode node = parent.given(key);
        if (node == null) {
            throw new InvalidBlueprint(parent.keyMark(key), what + " has no '" + key + "'", "'" + key + "'");
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

    /** Refuses keys that mean nothing here. */
    static void only(YamlNode.Mapping mapping, String what, Set<String> keys) {
        for (String key : mapping.entries().keySet()) {
            if (!keys.contains(key)) {
                throw new InvalidBlueprint(
                        mapping.keyMark(key), what + " has the unknown key '" + key + "'", Texts.oneOf(keys, key));
            }
        }
    }

    static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() == null;
    }

    private static InvalidBlueprint wrong(YamlNode node, String what, String expected) {
        return new InvalidBlueprint(node.mark(), what + " is " + node.described(), expected);
    }
}
