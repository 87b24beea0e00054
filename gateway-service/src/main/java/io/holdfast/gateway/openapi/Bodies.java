package io.holdfast.gateway.openapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What requests and answers hold, by operation. Source: {@code bodies.txt} and {@code schemas.json} beside this class.
 *
 * @param schemas JSON Schemas (2020-12) by name, which refer to each other as {@code #/components/schemas/NAME}
 * @param operations by {@code METHOD path}, the path as in the route table, or with {@code v1/} before it for our own API
 */
public record Bodies(Map<String, Object> schemas, Map<String, Operation> operations) {

    private static final String REFERENCE = "#/components/schemas/";

    private static final Set<String> SIMPLE_TYPES = Set.of("string", "boolean", "integer", "object", "null");

    /**
     * One operation's bodies.
     *
     * @param request {@code -} for none; alternatives with {@code |} between: a schema's name, {@code form:NAME} for a multipart form,
     *     {@code binary}
     * @param answer {@code -} for none; a schema's name or a simple type, {@code [NAME]} for a page of a list; {@code binary},
     *     {@code events} (server-sent), {@code lines} (JSON, each followed by an empty line), {@code ndjson}; {@code refused}: always an error
     * @param errors statuses of errors that it has beside those that its kind has
     */
    public record Operation(String request, String answer, List<String> errors) {

        public Operation {
            errors = List.copyOf(errors);
        }

        /** Whether every such request is answered with an error. */
        boolean isRefused() {
            return answer.equals("refused");
        }

        /** The schema of a list's items. */
        Optional<String> listed() {
            return answer.startsWith("[") ? Optional.of(answer.substring(1, answer.length() - 1)) : Optional.empty();
        }

        /** By media type; empty: there is no body. */
        Map<String, Object> requestContent() {
            Map<String, Object> content = new LinkedHashMap<>();
            if (!request.equals("-")) {
                for (String alternative : request.split("\\|")) {
                    if (alternative.equals("binary")) {
                        content.put("application/octet-stream", schema(bytes()));
                    } else if (alternative.startsWith("form:")) {
                        content.put("multipart/form-data", schema(reference(alternative.substring("form:".length()))));
                    } else {
                        content.put("application/json", schema(reference(alternative)));
                    }
                }
            }
            return content;
        }

        /** By media type; empty: there is no body. */
        Map<String, Object> answerContent() {
            return switch (answer) {
                case "-", "refused" -> Map.of();
                case "binary" -> Map.of("application/octet-stream", schema(bytes()));
                case "events" -> Map.of("text/event-stream", schema(Map.of("type", "string")));
                case "ndjson" -> Map.of("application/x-ndjson", schema(Map.of("type", "string")));
                case "lines" -> Map.of("application/json", schema(Map.of("type", "string")));
                default ->
                    Map.of(
                            "application/json",
                            schema(listed().map(Operation::page).orElseGet(() -> reference(answer))));
            };
        }

        private static Map<String, Object> schema(Map<String, Object> schema) {
            return Map.of("schema", schema);
        }

        private static Map<String, Object> page(String item) {
            return Map.of(
                    "type", "object",
                    "required", List.of("items", "metadata"),
                    "properties",
                            Map.of(
                                    "items", Map.of("type", "array", "items", reference(item)),
                                    "metadata", reference("ListMetadata")));
        }

        private static Map<String, Object> reference(String name) {
            if (SIMPLE_TYPES.contains(name)) {
                return Map.of("type", name);
            }
            return Map.of("$ref", REFERENCE + name);
        }

        private static Map<String, Object> bytes() {
            return Map.of("type", "string", "format", "binary");
        }
    }

    public Bodies {
        schemas = Map.copyOf(schemas);
        operations = Map.copyOf(operations);
    }

    /**
     * @param lines method, path, request, answer and, where there are some, statuses of errors with commas between, with blanks between;
     *     empty ones and those that begin with {@code #} count for nothing
     * @throws IllegalArgumentException if a line has other than four or five words, or an operation two lines
     */
    public static Bodies read(List<String> lines, Map<String, Object> schemas) {
        Map<String, Operation> operations = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.trim().split("\\s+");
            if (words.length != 4 && words.length != 5) {
                throw new IllegalArgumentException(
                        "an operation's bodies need a method, a path, a request and an answer: " + line);
            }
            List<String> errors = words.length == 5 ? List.of(words[4].split(",")) : List.of();
            if (operations.put(key(words[0], words[1]), new Operation(words[2], words[3], errors)) != null) {
                throw new IllegalArgumentException("two lines for one operation: " + line);
            }
        }
        return new Bodies(schemas, operations);
    }

    /** @throws IllegalArgumentException if nothing is known of this operation */
    Operation of(String method, String path) {
        Operation operation = operations.get(key(method, path));
        if (operation == null) {
            throw new IllegalArgumentException("bodies.txt says nothing of " + key(method, path));
        }
        return operation;
    }

    private static String key(String method, String path) {
        return method.toUpperCase(Locale.ROOT) + " " + path;
    }

    /**
     * The schemas that a document needs: those that are referred to in it, and in those.
     *
     * @throws IllegalArgumentException if one of them is not there
     */
    Map<String, Object> referredToIn(Object document) {
        Set<String> names = new TreeSet<>();
        collect(document, names);
        Map<String, Object> found = new TreeMap<>();
        for (String name : names) {
            found.put(name, Objects.requireNonNull(schemas.get(name)));
        }
        return found;
    }

    private void collect(Object part, Set<String> names) {
        if (part instanceof Map<?, ?> object) {
            if (object.get("$ref") instanceof String reference && reference.startsWith(REFERENCE)) {
                String name = reference.substring(REFERENCE.length());
                Object schema = schemas.get(name);
                if (schema == null) {
                    throw new IllegalArgumentException("there is no schema " + name);
                }
                if (names.add(name)) {
                    collect(schema, names);
                }
            }
            object.values().forEach(value -> collect(value, names));
        } else if (part instanceof List<?> list) {
            list.forEach(value -> collect(value, names));
        }
    }
}
