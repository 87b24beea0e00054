package io.holdfast.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One of the OpenAPI documents of a manager, held against what is really sent. Stricter than a client may be: an object may hold only the
 * properties that its schema names, so that a field which the document does not know is found.
 */
final class ApiDocument {

    private static final String REFERENCE = "#/components/schemas/";

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final JsonNode document;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<JsonNode, JsonSchema> compiled = new HashMap<>();
    private final Set<String> seenOperations = new TreeSet<>();
    private final Set<String> seenProperties = new TreeSet<>();
    private final Map<Integer, Set<String>> seenErrors = new TreeMap<>();

    private record Operation(String method, String path, JsonNode node) {

        boolean fits(String askedMethod, String[] asked) {
            String[] segments = path.split("/");
            if (!method.equals(askedMethod) || segments.length != asked.length) {
                return false;
            }
            for (int i = 0; i < asked.length; i++) {
                if (!segments[i].startsWith("{") && !segments[i].equals(asked[i])) {
                    return false;
                }
            }
            return true;
        }

        boolean isAnswered() {
            return node.get("responses").has("2XX");
        }

        /** Words come before parameters, from the left. */
        String order() {
            return Arrays.stream(path.split("/"))
                    .map(segment -> segment.startsWith("{") ? "1" : "0")
                    .collect(Collectors.joining());
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** @param document as the manager answers it */
    ApiDocument(JsonNode document) {
        this.document = document.deepCopy();
        this.document.get("components").get("schemas").forEach(ApiDocument::close);
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> operations.add(new Operation(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue()))));
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        if (schema.isArray()) {
            schema.forEach(ApiDocument::close);
        }
        schema.properties().forEach(part -> {
            // names of properties are no words of schemas: one is called `properties`
            if (part.getKey().equals("properties")) {
                part.getValue().forEach(ApiDocument::close);
            } else {
                close(part.getValue());
            }
        });
    }

    /** What in a request and its answer is other than the document says. Nothing for a path that is not of this document. */
    List<String> differences(JsonNode exchange) {
        String[] target = exchange.get("path").asText().split("\\?", 2);
        String[] segments = target[0].split("/");
        Optional<Operation> found = operations.stream()
                .filter(candidate -> candidate.fits(exchange.get("method").asText(), segments))
                .min(Comparator.comparing(Operation::order));
        if (found.isEmpty()) {
            return List.of();
        }
        Operation operation = found.get();
        int status = exchange.get("status").asInt();
        List<String> differences = new ArrayList<>();
        if (status >= 200 && status < 300) {
            seenOperations.add(operation.toString());
            // fields that a request chooses are all that is answered
            boolean chosen = target.length == 2 && target[1].contains("_include=");
            if (!operation.isAnswered()) {
                differences.add("it is always refused, it says");
            }
            differences.addAll(answer(operation.node().get("responses").path("2XX"), exchange, chosen));
            if (exchange.has("request")) {
                JsonNode schema = operation.node().at("/requestBody/content/application~1json/schema");
                if (schema.isMissingNode()) {
                    differences.add("a request with a body, of which it says nothing: " + exchange.get("request"));
                } else {
                    differences.addAll(invalid(schema, exchange.get("request"), false));
                }
            }
        } else if (status >= 400) {
            JsonNode responses = operation.node().get("responses");
            JsonNode response = responses.path(Integer.toString(status));
            if (response.isMissingNode() && status < 500) {
                differences.add("such a refusal is not described");
            }
            seenErrors.computeIfAbsent(status, seen -> new TreeSet<>()).add(operation.toString());
            differences.addAll(
                    answer(response.isMissingNode() ? responses.path("default") : response, exchange, false));
        }
        return differences.stream()
                .map(difference -> operation + " -> " + status + ": " + difference)
                .toList();
    }

    private List<String> answer(JsonNode response, JsonNode exchange, boolean chosen) {
        String type = exchange.get("type").asText("").split(";")[0];
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            return exchange.get("length").asInt() == 0
                            || exchange.path("answer").isNull()
                    ? List.of()
                    : List.of("an answer with a body, of which it says nothing: " + exchange);
        }
        if (exchange.get("status").asInt() == 204) {
            return List.of(); // there was nothing to do
        }
        if (exchange.get("length").asInt() == 0) {
            return List.of("no body, expected " + content.fieldNames().next());
        }
        JsonNode schema = content.path(type).path("schema");
        if (schema.isMissingNode()) {
            return content.has("application/octet-stream") && !type.equals("application/json")
                    ? List.of()
                    : List.of("it is " + type + ", expected " + String.join(", ", iterable(content)));
        }
        JsonNode answer = exchange.get("answer");
        if (answer == null) {
            return type.equals("application/json")
                            && !schema.path("type").asText().equals("string")
                    ? List.of("no JSON")
                    : List.of();
        }
        note(schema, answer, null);
        return invalid(schema, answer, chosen);
    }

    private static Iterable<String> iterable(JsonNode object) {
        return object::fieldNames;
    }

    private List<String> invalid(JsonNode schema, JsonNode value, boolean chosen) {
        JsonSchema validator = compiled.computeIfAbsent(schema, this::compile);
        return validator.validate(value).stream()
                .filter(message -> !(chosen && message.getType().equals("required")))
                .map(ValidationMessage::toString)
                .limit(5)
                .toList();
    }

    private JsonSchema compile(JsonNode schema) {
        ObjectNode root = Api.JSON.createObjectNode();
        root.set("components", document.get("components"));
        ArrayNode all = root.putArray("allOf");
        all.add(schema);
        return FACTORY.getSchema(root, CONFIG);
    }

    /** Remembers which properties of which schema have been seen. */
    private void note(JsonNode schema, JsonNode value, @Nullable String name) {
        String reference = schema.path("$ref").asText("");
        if (reference.startsWith(REFERENCE)) {
            String of = reference.substring(REFERENCE.length());
            note(document.get("components").get("schemas").get(of), value, of);
            return;
        }
        for (JsonNode alternative : schema.path("anyOf")) {
            note(alternative, value, name);
        }
        if (value.isArray() && schema.has("items")) {
            value.forEach(item -> note(schema.get("items"), item, name == null ? null : name + "[]"));
        }
        if (value.isObject()) {
            value.properties().forEach(field -> {
                JsonNode property = schema.path("properties").path(field.getKey());
                if (!property.isMissingNode()) {
                    String path = name == null ? null : name + "." + field.getKey();
                    if (path != null) {
                        seenProperties.add(path);
                    }
                    note(property, field.getValue(), path);
                } else if (schema.path("additionalProperties").isObject()) {
                    note(schema.get("additionalProperties"), field.getValue(), name == null ? null : name + ".*");
                }
            });
        }
    }

    /** Operations that were refused with a status, by status. */
    Map<Integer, Set<String>> refusals() {
        return seenErrors;
    }

    /** Operations that say that they need credentials and were never refused without, or to a user of no tenant. */
    Set<String> operationsNeverRefused() {
        Set<String> never = new TreeSet<>();
        for (Operation operation : operations) {
            for (int status : new int[] {401, 403}) {
                if (operation.node().get("responses").has(Integer.toString(status))
                        && !seenErrors.getOrDefault(status, Set.of()).contains(operation.toString())) {
                    never.add(operation + " -> " + status);
                }
            }
        }
        return never;
    }

    /** Operations that were never answered with what was asked for. */
    Set<String> operationsNeverSeen() {
        Set<String> never = new TreeSet<>();
        operations.stream().filter(Operation::isAnswered).forEach(operation -> never.add(operation.toString()));
        never.removeAll(seenOperations);
        return never;
    }

    /** Properties in the schemas of answers that were seen which no answer had, as {@code SCHEMA.property}. */
    Set<String> propertiesNeverSeen() {
        Map<String, JsonNode> answered = new LinkedHashMap<>();
        operations.stream()
                .filter(operation -> seenOperations.contains(operation.toString()))
                .forEach(operation -> operation
                        .node()
                        .at("/responses/2XX/content")
                        .forEach(content -> referred(content.path("schema"), answered)));
        Set<String> never = new TreeSet<>();
        answered.forEach((name, schema) -> properties(schema, name, never));
        never.removeAll(seenProperties);
        return never;
    }

    private void referred(JsonNode schema, Map<String, JsonNode> found) {
        String reference = schema.path("$ref").asText("");
        if (reference.startsWith(REFERENCE)) {
            String name = reference.substring(REFERENCE.length());
            JsonNode referredTo = document.get("components").get("schemas").get(name);
            if (found.put(name, referredTo) == null) {
                referred(referredTo, found);
            }
        }
        schema.forEach(part -> referred(part, found));
    }

    private static void properties(JsonNode schema, String name, Set<String> found) {
        schema.path("properties").properties().forEach(property -> {
            String path = name + "." + property.getKey();
            found.add(path);
            properties(property.getValue(), path, found);
        });
        if (schema.has("items")) {
            properties(schema.get("items"), name + "[]", found);
        }
        if (schema.path("additionalProperties").isObject()) {
            properties(schema.get("additionalProperties"), name + ".*", found);
        }
    }
}
