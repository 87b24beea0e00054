package io.holdfast.inventory.language;

import io.holdfast.contracts.language.PythonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The types that values may have: the built-in ones and the data types of a blueprint. */
final class ValueTypes {

    private static final Set<String> PLAIN =
            Set.of("string", "textarea", "integer", "float", "boolean", "list", "dict", "regex");

    /** Types of text that names a thing of the manager. */
    private static final Set<String> SEARCHED = Set.of(
            "blueprint_id",
            "capability_value",
            "deployment_id",
            "node_id",
            "node_instance",
            "node_type",
            "operation_name",
            "scaling_group",
            "secret_key");

    /**
     * @param hierarchy from the root to itself
     * @param properties with those of the types that it derives from
     */
    record DataType(
            String name, List<String> hierarchy, Map<String, Property> properties, YamlNode.Mapping definition) {}

    private final Map<String, DataType> dataTypes;

    ValueTypes(Map<String, DataType> dataTypes) {
        this.dataTypes = dataTypes;
    }

    static boolean isBuiltIn(String name) {
        return PLAIN.contains(name) || SEARCHED.contains(name);
    }

    /** The version of the language that brought a type. */
    static LanguageVersion since(@Nullable String name) {
        if (!isSearched(name)) {
            return LanguageVersion.DSL_1_0;
        }
        return "operation_name".equals(name) ? LanguageVersion.DSL_1_5 : LanguageVersion.DSL_1_4;
    }

    static boolean isSearched(@Nullable String name) {
        return name != null && SEARCHED.contains(name);
    }

    Map<String, DataType> dataTypes() {
        return dataTypes;
    }

    /** Refuses a type that nobody defined. */
    void requireKnown(@Nullable String type, Mark mark, String what) {
        if (type != null && !isBuiltIn(type) && !dataTypes.containsKey(type)) {
            Set<String> known = new TreeSet<>(PLAIN);
            known.addAll(SEARCHED);
            known.addAll(dataTypes.keySet());
            throw new InvalidBlueprint(
                    mark, "Illegal type name '" + type + "'", "a type for " + what + ", " + Texts.oneOf(known, type));
        }
    }

    /**
     * Checks a value against its type and fills in what the type's properties have by default.
     *
     * @param inherited defaults that come before the type's own, from the type that a property was taken over from
     * @param owner whose value it is, for messages
     * @param strict whether a missing property is an error
     * @throws Mismatch with the existing API's text
     */
    YamlNode complete(
            YamlNode value,
            @Nullable String type,
            @Nullable YamlNode inherited,
            Wording wording,
            String owner,
            List<String> path,
            boolean strict) {
        if (type == null || Functions.isFunction(value)) {
            return value;
        }
        if (isBuiltIn(type)) {
            if (fits(value, type)) {
                return value;
            }
        } else if (value instanceof YamlNode.Mapping mapping) {
            DataType dataType = dataTypes.get(type);
            if (dataType == null) {
                throw new Mismatch("Illegal type name '" + type + "'", value.mark());
            }
            YamlNode.Mapping defaults = inherited instanceof YamlNode.Mapping known ? known : null;
            return complete(mapping, dataType.properties(), defaults, wording, owner, path, strict);
        }
        String property =
                path.isEmpty() ? "the defined type is '" : "property '" + String.join(".", path) + "' type is '";
        throw new Mismatch(
                "Property type validation failed in '" + owner + "': " + property + type
                        + "', yet it was assigned with the value '" + PythonText.str(value.toData()) + "'",
                value.mark());
    }

    /** The texts for properties that are unknown or missing; {@code {0}} is the owner, {@code {1}} the property. */
    record Wording(String unknown, String missing) {
        private static String fill(String text, String owner, String property) {
            return text.replace("{0}", owner).replace("{1}", property);
        }
    }

    /** As the other, for a mapping with a schema. */
    YamlNode.Mapping complete(
            YamlNode.Mapping given,
            Map<String, Property> schema,
            YamlNode.@Nullable Mapping inherited,
            Wording wording,
            String owner,
            List<String> path,
            boolean strict) {
        for (String key : given.entries().keySet()) {
            if (!schema.containsKey(key)) {
                throw new Mismatch(
                        Wording.fill(wording.unknown(), owner, String.join(".", longer(path, key))),
                        given.keyMark(key));
            }
        }
        boolean external = isTrue(given(given, schema, inherited, "use_external_resource"));
        Map<String, YamlNode> completed = new LinkedHashMap<>();
        for (Property property : schema.values()) {
            String key = property.name();
            YamlNode fallback = fallback(schema, inherited, key);
            YamlNode value = given(given, schema, inherited, key);
            if (value == null) {
                if (property.required() && !external && strict) {
                    throw new Mismatch(
                            Wording.fill(wording.missing(), owner, String.join(".", longer(path, key))), given.mark());
                }
                continue;
            }
            completed.put(key, complete(value, property.type(), fallback, wording, owner, longer(path, key), strict));
        }
        return new YamlNode.Mapping(completed, given.keys(), given.mark());
    }

    private static @Nullable YamlNode given(
            YamlNode.Mapping given, Map<String, Property> schema, YamlNode.@Nullable Mapping inherited, String key) {
        YamlNode value = given.get(key);
        return value != null ? value : fallback(schema, inherited, key);
    }

    private static @Nullable YamlNode fallback(
            Map<String, Property> schema, YamlNode.@Nullable Mapping inherited, String key) {
        YamlNode value = inherited == null ? null : inherited.get(key);
        Property property = schema.get(key);
        return value != null || property == null ? value : property.fallback();
    }

    private static boolean isTrue(@Nullable YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && Boolean.TRUE.equals(scalar.value());
    }

    private static List<String> longer(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    /** Whether a value is of a built-in type; of others none is. */
    static boolean isOfBuiltIn(YamlNode node, String type) {
        return isBuiltIn(type) && fits(node, type);
    }

    private static boolean fits(YamlNode node, String type) {
        Object value = node instanceof YamlNode.Scalar scalar ? scalar.value() : null;
        return switch (type) {
            case "integer" -> value instanceof Number && !(value instanceof Double);
            case "float" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "list" -> node instanceof YamlNode.Sequence;
            case "dict" -> node instanceof YamlNode.Mapping;
            case "regex" -> value instanceof String text && isPattern(text);
            default -> true; // As the existing product has it: a text may be anything.
        };
    }

    private static boolean isPattern(String text) {
        try {
            Pattern.compile(text);
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
