package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Resolves the types of a blueprint: inheritance, schemas, interfaces. */
final class Types {

    static final String INTERFACES = "interfaces";
    static final String SOURCE = "source_interfaces";
    static final String TARGET = "target_interfaces";

    /** What a node type says about the properties that its instances have at run time; for people, nothing checks it. */
    static final String RUNTIME_PROPERTIES = "runtime_properties";

    private static final ValueTypes.Wording DEFAULTS = new ValueTypes.Wording(
            "Undefined property {1} in default value of type {0}", "Value of type {0} is missing property {1}");

    private final LanguageVersion version;
    private final Map<String, ValueTypes.DataType> dataTypes = new LinkedHashMap<>();
    private final ValueTypes valueTypes = new ValueTypes(dataTypes);
    private final Map<String, ElementType> nodeTypes = new LinkedHashMap<>();
    private final Map<String, ElementType> relationships = new LinkedHashMap<>();

    Types(Sections sections, LanguageVersion version) {
        this.version = version;
        resolve(sections, Sections.DATA_TYPES, dataTypes, this::dataType);
        resolve(
                sections,
                Sections.NODE_TYPES,
                nodeTypes,
                (definition, parent) -> element(definition, parent, "node type", List.of(INTERFACES)));
        resolve(
                sections,
                Sections.RELATIONSHIPS,
                relationships,
                (definition, parent) -> element(definition, parent, "relationship type", List.of(SOURCE, TARGET)));
    }

    ValueTypes valueTypes() {
        return valueTypes;
    }

    Map<String, ElementType> nodeTypes() {
        return nodeTypes;
    }

    Map<String, ElementType> relationships() {
        return relationships;
    }

    /** Each type after those that it needs. */
    private <T> void resolve(
            Sections sections, String section, Map<String, T> resolved, BiFunction<Definition, @Nullable T, T> build) {
        Map<String, Definition> definitions = sections.of(section);
        for (Definition definition : definitions.values()) {
            resolve(definition, definitions, section, resolved, build, new LinkedHashSet<>());
        }
    }

    private <T> void resolve(
            Definition definition,
            Map<String, Definition> definitions,
            String section,
            Map<String, T> resolved,
            BiFunction<Definition, @Nullable T, T> build,
            Set<String> open) {
        String name = definition.name();
        if (resolved.containsKey(name)) {
            return;
        }
        if (!open.add(name)) {
            throw new InvalidBlueprint(
                    definition.mark(),
                    "Parsing failed. Circular dependency detected: " + Texts.circle(open, name),
                    "types without circles in '" + section + "'");
        }
        YamlNode.Mapping body = definition.mapping("'" + name + "' in '" + section + "'");
        String parent = Shape.optionalText(body, "derived_from", "'" + name + "'");
        if (parent != null) {
            Definition parentDefinition = definitions.get(parent);
            if (parentDefinition == null) {
                throw new InvalidBlueprint(
                        Shape.required(body, "derived_from", name).mark(),
                        "Missing definition for " + descriptor(section) + " '" + parent
                                + "' which is declared as derived by " + descriptor(section) + " '" + name + "'",
                        Texts.oneOf(definitions.keySet(), parent));
            }
            resolve(parentDefinition, definitions, section, resolved, build, open);
        }
        if (section.equals(Sections.DATA_TYPES)) {
            for (YamlNode property : Shape.mappingOrEmpty(body, "properties", "'properties' of '" + name + "'")
                    .entries()
                    .values()) {
                Definition needed = property instanceof YamlNode.Mapping mapping
                                && mapping.get("type") instanceof YamlNode.Scalar type
                                && type.value() instanceof String typeName
                        ? definitions.get(typeName)
                        : null;
                if (needed != null) {
                    resolve(needed, definitions, section, resolved, build, open);
                }
            }
        }
        open.remove(name);
        resolved.put(name, build.apply(definition, parent == null ? null : resolved.get(parent)));
    }

    private static String descriptor(String section) {
        return switch (section) {
            case Sections.DATA_TYPES -> "data type";
            case Sections.RELATIONSHIPS -> "relationship";
            default -> "type";
        };
    }

    private ValueTypes.DataType dataType(Definition definition, ValueTypes.@Nullable DataType parent) {
        String name = definition.name();
        String what = "data type '" + name + "'";
        if (ValueTypes.isBuiltIn(name)) {
            throw new InvalidBlueprint(definition.mark(), "Can't redefine primitive type " + name, "another name");
        }
        YamlNode.Mapping body = definition.mapping(what);
        Shape.only(body, what, List.of("properties", "description", "derived_from", "version"));
        Map<String, Property> own =
                properties(Shape.mappingOrEmpty(body, "properties", "'properties' of " + what), definition, what);
        return new ValueTypes.DataType(
                name,
                hierarchy(name, parent == null ? List.of() : parent.hierarchy()),
                inherited(parent == null ? Map.of() : parent.properties(), own, name),
                body);
    }

    private ElementType element(
            Definition definition, @Nullable ElementType parent, String kind, List<String> interfaceKeys) {
        String what = kind + " '" + definition.name() + "'";
        YamlNode.Mapping body = definition.mapping(what);
        List<String> keys = new ArrayList<>(List.of("derived_from"));
        keys.addAll(interfaceKeys);
        keys.add("properties");
        if (kind.equals("node type")) {
            keys.addAll(List.of(RUNTIME_PROPERTIES, "description"));
        }
        Shape.only(body, what, keys);
        Map<String, Property> own =
                properties(Shape.mappingOrEmpty(body, "properties", "'properties' of " + what), definition, what);
        Property.all(
                Shape.mappingOrEmpty(body, RUNTIME_PROPERTIES, "'" + RUNTIME_PROPERTIES + "' of " + what),
                what,
                false,
                definition.shipped() ? null : version);
        Map<String, Interfaces> interfaces = new LinkedHashMap<>();
        for (String key : interfaceKeys) {
            Interfaces declared = Interfaces.of(
                    Shape.mappingOrEmpty(body, key, "'" + key + "' of " + what),
                    what,
                    true,
                    definition.shipped() ? LanguageVersion.DSL_1_5 : version);
            declared.byName()
                    .values()
                    .forEach(operations -> operations
                            .values()
                            .forEach(operation -> operation
                                    .schema()
                                    .values()
                                    .forEach(input -> valueTypes.requireKnown(
                                            input.type(),
                                            input.mark(),
                                            "the input '" + input.name() + "' of " + what))));
            interfaces.put(key, parent == null ? declared : declared.over(parent.interfaces(key)));
        }
        return new ElementType(
                definition.name(),
                hierarchy(definition.name(), parent == null ? List.of() : parent.hierarchy()),
                inherited(parent == null ? Map.of() : parent.properties(), own, definition.name()),
                interfaces,
                body);
    }

    private Map<String, Property> properties(YamlNode.Mapping schema, Definition definition, String owner) {
        // The schemas of shipped types use what only later versions have.
        Map<String, Property> properties = Property.all(schema, owner, false, definition.shipped() ? null : version);
        properties.values().forEach(property -> {
            valueTypes.requireKnown(
                    property.type(),
                    property.definition().keyMark("type"),
                    "the property '" + property.name() + "' of " + owner);
        });
        Map<String, Property> completed = new LinkedHashMap<>();
        properties.forEach((name, property) -> completed.put(name, completed(property, definition.name())));
        return completed;
    }

    /** With what a data type has by default, and a default that is of its type. */
    private Property completed(Property property, String owner) {
        YamlNode fallback = property.fallback();
        boolean ofDataType = property.type() != null && !ValueTypes.isBuiltIn(property.type());
        if (fallback == null && ofDataType && property.required()) {
            YamlNode made = complete(YamlNode.Mapping.empty(property.mark()), property, owner);
            return made instanceof YamlNode.Mapping mapping && mapping.entries().isEmpty()
                    ? property
                    : property.withFallback(made);
        }
        return fallback == null ? property : property.withFallback(complete(fallback, property, owner));
    }

    private YamlNode complete(YamlNode value, Property property, String owner) {
        return complete(value, property, null, owner);
    }

    private YamlNode complete(YamlNode value, Property property, @Nullable YamlNode inherited, String owner) {
        try {
            return valueTypes.complete(
                    value, property.type(), inherited, DEFAULTS, owner, List.of(property.name()), false);
        } catch (Mismatch e) {
            throw mismatch(e, value.mark(), "a default of the type '" + property.type() + "'");
        }
    }

    static InvalidBlueprint mismatch(Mismatch e, Mark otherwise, String expected) {
        Mark mark = e.markOr(otherwise);
        return e.isOfConstraint()
                ? InvalidBlueprint.unparsable(mark, e.text(), expected, e)
                : new InvalidBlueprint(mark, e.text(), expected, e);
    }

    private Map<String, Property> inherited(Map<String, Property> parent, Map<String, Property> own, String owner) {
        Map<String, Property> merged = new LinkedHashMap<>(parent);
        own.forEach((name, property) -> merged.put(name, over(property, parent.get(name), owner)));
        return merged;
    }

    /** Where both are of one data type, what the own default does not say the parent's does, at every depth. */
    private Property over(Property own, @Nullable Property parent, String owner) {
        boolean sameDataType = parent != null
                && own.type() != null
                && own.type().equals(parent.type())
                && !ValueTypes.isBuiltIn(own.type());
        if (!sameDataType || !(parent.fallback() instanceof YamlNode.Mapping inherited)) {
            return own;
        }
        YamlNode written = own.definition().given("default");
        if (written == null) {
            return own.withFallback(inherited);
        }
        return own.withFallback(complete(written, own, inherited, owner));
    }

    private static List<String> hierarchy(String name, List<String> parents) {
        List<String> hierarchy = new ArrayList<>(parents);
        hierarchy.add(name);
        return hierarchy;
    }
}
