package io.holdfast.gateway.requests;

import io.holdfast.contracts.requests.Reply.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks a parsed body against a JSON Schema and finds everything that is wrong with it. Knows the words that the schemas of requests
 * use (JSON Schema 2020-12, validation vocabulary) and refuses a schema with any other, so that none is silently without effect.
 * Immutable.
 */
public final class RequestSchema {

    private static final Set<String> REMARKS = Set.of("$schema", "$id", "title", "description", "examples", "default");

    private static final Set<String> WORDS = Set.of(
            "type",
            "enum",
            "required",
            "properties",
            "items",
            "minLength",
            "maxLength",
            "pattern",
            "minimum",
            "maximum",
            "maxItems");

    /** Enough to mend a body by; a hostile one must not make a large answer. */
    private static final int MOST_ERRORS = 50;

    private final Map<String, Object> schema;

    /** @throws IllegalArgumentException if the schema says something that would not be checked */
    public RequestSchema(Map<String, Object> schema) {
        checkWords(schema);
        this.schema = Map.copyOf(schema);
    }

    /** @param value of maps, lists, texts, numbers, booleans and null; empty if it is as it should be */
    public List<FieldError> errors(@Nullable Object value) {
        List<FieldError> errors = new ArrayList<>();
        check(schema, value, "", errors);
        return errors.size() > MOST_ERRORS ? List.copyOf(errors.subList(0, MOST_ERRORS)) : List.copyOf(errors);
    }

    private static void check(
            Map<String, Object> schema, @Nullable Object value, String pointer, List<FieldError> errors) {
        List<String> types = types(schema);
        if (!types.isEmpty() && types.stream().noneMatch(type -> isOf(type, value))) {
            errors.add(new FieldError(pointer, "is " + typeOf(value) + ", must be " + String.join(" or ", types)));
            return;
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            errors.add(new FieldError(
                    pointer,
                    "must be one of " + allowed.stream().map(String::valueOf).collect(Collectors.joining(", "))));
            return;
        }
        if (value instanceof String text) {
            checkText(schema, text, pointer, errors);
        } else if (value instanceof Number number) {
            checkNumber(schema, number, pointer, errors);
        } else if (value instanceof Map<?, ?> object) {
            checkObject(schema, object, pointer, errors);
        } else if (value instanceof List<?> list) {
            checkList(schema, list, pointer, errors);
        }
    }

    private static void checkText(Map<String, Object> schema, String text, String pointer, List<FieldError> errors) {
        int length = text.codePointCount(0, text.length());
        if (schema.get("minLength") instanceof Number least && length < least.intValue()) {
            errors.add(new FieldError(
                    pointer,
                    least.intValue() == 1 ? "must not be empty" : "must have at least " + least + " characters"));
        }
        if (schema.get("maxLength") instanceof Number most && length > most.intValue()) {
            errors.add(new FieldError(pointer, "has " + length + " characters, must have at most " + most));
        }
        if (schema.get("pattern") instanceof String pattern
                && !Pattern.compile(pattern).matcher(text).find()) {
            errors.add(new FieldError(pointer, "must match " + pattern));
        }
    }

    private static void checkNumber(
            Map<String, Object> schema, Number number, String pointer, List<FieldError> errors) {
        BigDecimal value = new BigDecimal(number.toString());
        if (schema.get("minimum") instanceof Number least && value.compareTo(new BigDecimal(least.toString())) < 0) {
            errors.add(new FieldError(pointer, "is " + number + ", must be at least " + least));
        }
        if (schema.get("maximum") instanceof Number most && value.compareTo(new BigDecimal(most.toString())) > 0) {
            errors.add(new FieldError(pointer, "is " + number + ", must be at most " + most));
        }
    }

    private static void checkObject(
            Map<String, Object> schema, Map<?, ?> object, String pointer, List<FieldError> errors) {
        if (schema.get("required") instanceof List<?> required) {
            for (Object name : required) {
                if (!object.containsKey(name)) {
                    errors.add(new FieldError(pointer + "/" + escaped(String.valueOf(name)), "is missing"));
                }
            }
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, property) -> {
                if (object.containsKey(name)) {
                    check(asSchema(property), object.get(name), pointer + "/" + escaped(String.valueOf(name)), errors);
                }
            });
        }
    }

    private static void checkList(Map<String, Object> schema, List<?> list, String pointer, List<FieldError> errors) {
        if (schema.get("maxItems") instanceof Number most && list.size() > most.intValue()) {
            errors.add(new FieldError(pointer, "has " + list.size() + " items, must have at most " + most));
            return;
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            for (int i = 0; i < list.size(); i++) {
                check(asSchema(items), list.get(i), pointer + "/" + i, errors);
            }
        }
    }

    private static List<String> types(Map<String, Object> schema) {
        Object type = schema.get("type");
        if (type instanceof Collection<?> several) {
            return several.stream().map(String::valueOf).toList();
        }
        return type == null ? List.of() : List.of(String.valueOf(type));
    }

    private static boolean isOf(String type, @Nullable Object value) {
        return switch (type) {
            case "null" -> value == null;
            case "integer" ->
                value instanceof Number number
                        && new BigDecimal(number.toString())
                                        .stripTrailingZeros()
                                        .scale()
                                <= 0;
            case "number" -> value instanceof Number;
            default -> type.equals(typeOf(value));
        };
    }

    private static String typeOf(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Map) {
            return "object";
        }
        if (value instanceof List) {
            return "array";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        return value instanceof Number ? "number" : "string";
    }

    private static void checkWords(Map<String, Object> schema) {
        for (String word : schema.keySet()) {
            if (!WORDS.contains(word) && !REMARKS.contains(word)) {
                throw new IllegalArgumentException("the word " + word + " in a request's schema would not be checked");
            }
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.values().forEach(property -> checkWords(asSchema(property)));
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            checkWords(asSchema(items));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asSchema(Object schema) {
        if (!(schema instanceof Map)) {
            throw new IllegalArgumentException("not a schema: " + schema);
        }
        return (Map<String, Object>) schema;
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
