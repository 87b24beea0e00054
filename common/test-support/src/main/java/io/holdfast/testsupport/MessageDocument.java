package io.holdfast.testsupport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.LongString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code docs/asyncapi.yaml}, to hold against what is really sent. */
public final class MessageDocument {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMAS = "#/components/schemas/";

    private final JsonNode root;
    private final Map<String, JsonSchema> schemas = new TreeMap<>();

    private MessageDocument(JsonNode root) {
        this.root = root;
    }

    /** The repository's, found from the module's directory upwards. */
    public static MessageDocument load() {
        Path file = repository().resolve("docs/asyncapi.yaml");
        try {
            return new MessageDocument(new YAMLMapper().readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Path repository() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "not inside of the repository: " + Path.of("").toAbsolutePath());
    }

    public JsonNode root() {
        return root;
    }

    /** The golden file of a message: what was released. */
    public static String golden(String type) {
        String folder = type.startsWith("request.") || type.startsWith("reply.") ? "requests" : "events";
        Path file = repository().resolve("common/contracts/src/test/resources/" + folder + "/" + type + ".json");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("no golden file for " + type, e);
        }
    }

    /** Wire names of all messages. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        root.path("components")
                .path("messages")
                .forEach(message -> types.add(message.path("name").asText()));
        return types;
    }

    /** {@code queue <- exchange/routing key} of every queue of a service. */
    public Set<String> bindings() {
        Set<String> bindings = new TreeSet<>();
        root.path("channels").forEach(channel -> {
            if (!channel.path("x-rabbitmq-only").asBoolean()) {
                channel.path("x-bindings")
                        .forEach(binding -> bindings.add(channel.path("address").asText() + " <- "
                                + binding.path("exchange").asText() + "/"
                                + binding.path("routingKey").asText()));
            }
        });
        return bindings;
    }

    /** What is wrong with a body as one of this wire name; empty if nothing is. */
    public List<String> bodyProblems(String type, String body) {
        JsonNode message = message(type);
        return message.isMissingNode()
                ? List.of("the document has no message " + type)
                : problems(message.path("payload").path("$ref").asText(), parse(body));
    }

    /** The message of this wire name, or a missing node. */
    public JsonNode message(String type) {
        for (JsonNode message : root.path("components").path("messages")) {
            if (message.path("name").asText().equals(type)) {
                return message;
            }
        }
        return MissingNode.getInstance();
    }

    /** What a reference of the document leads to. */
    public JsonNode follow(JsonNode reference) {
        return root.at(reference.path("$ref").asText().substring(1));
    }

    /** What is wrong with a message as it came from the broker, in its key, properties, headers and body; empty if nothing is. */
    public List<String> problems(Delivery delivery) {
        String type = String.valueOf(delivery.getProperties().getType());
        JsonNode message = message(type);
        if (message.isMissingNode()) {
            return List.of("the document has no message " + type);
        }
        JsonNode trait = follow(message.path("traits").path(0));
        List<String> problems = new ArrayList<>();
        String body = new String(delivery.getBody(), StandardCharsets.UTF_8);
        bodyProblems(type, body).forEach(problem -> problems.add(type + " body: " + problem));
        problems(trait.path("x-amqp-properties").path("$ref").asText(), properties(delivery))
                .forEach(problem -> problems.add(type + " properties: " + problem));
        problems(trait.path("headers").path("$ref").asText(), headers(delivery))
                .forEach(problem -> problems.add(type + " headers: " + problem));
        String exchange = delivery.getEnvelope().getExchange();
        String key = delivery.getEnvelope().getRoutingKey();
        if (!isSentTo(type, exchange, key)) {
            problems.add(type + " goes to " + exchange + " with key " + key + ", which no channel says");
        }
        return problems;
    }

    private boolean isSentTo(String type, String exchange, String key) {
        for (JsonNode channel : root.path("channels")) {
            JsonNode amqp = channel.path("bindings").path("amqp");
            if (!amqp.path("is").asText().equals("routingKey")
                    || !amqp.path("exchange").path("name").asText().equals(exchange)) {
                continue;
            }
            String pattern = keyPattern(channel);
            for (JsonNode message : channel.path("messages")) {
                if (follow(message).path("name").asText().equals(type) && key.matches(pattern)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String keyPattern(JsonNode channel) {
        String pattern = channel.path("address").asText().replace(".", "\\.");
        for (Map.Entry<String, JsonNode> parameter : channel.path("parameters").properties()) {
            JsonNode only = parameter.getValue().path("enum").path(0);
            String may = only.isMissingNode()
                    ? parameter.getValue().path("x-pattern").asText("[^.]+")
                    : only.asText();
            pattern = pattern.replace("{" + parameter.getKey() + "}", "(" + may + ")");
        }
        return pattern;
    }

    private static ObjectNode properties(Delivery delivery) {
        var properties = delivery.getProperties();
        ObjectNode json = JSON.createObjectNode();
        put(json, "message_id", properties.getMessageId());
        put(json, "type", properties.getType());
        put(
                json,
                "timestamp",
                properties.getTimestamp() == null
                        ? null
                        : properties.getTimestamp().toInstant());
        put(json, "content_type", properties.getContentType());
        put(json, "delivery_mode", properties.getDeliveryMode());
        put(json, "app_id", properties.getAppId());
        put(json, "correlation_id", properties.getCorrelationId());
        put(json, "reply_to", properties.getReplyTo());
        put(json, "expiration", properties.getExpiration());
        put(json, "user_id", properties.getUserId());
        put(json, "content_encoding", properties.getContentEncoding());
        return json;
    }

    private static ObjectNode headers(Delivery delivery) {
        ObjectNode json = JSON.createObjectNode();
        Map<String, Object> headers = delivery.getProperties().getHeaders();
        if (headers != null) {
            headers.forEach((name, value) -> put(json, name, value));
        }
        return json;
    }

    private static void put(ObjectNode json, String name, Object value) {
        if (value instanceof Integer || value instanceof Long) {
            json.put(name, ((Number) value).longValue());
        } else if (value instanceof LongString text) {
            json.put(name, text.toString());
        } else if (value instanceof Date time) {
            json.put(name, time.toInstant().toString());
        } else if (value != null) {
            json.put(name, value.toString());
        }
    }

    private List<String> problems(String reference, JsonNode value) {
        return schemas.computeIfAbsent(reference, this::schema).validate(value).stream()
                .map(Object::toString)
                .toList();
    }

    private JsonSchema schema(String reference) {
        ObjectNode whole = JSON.createObjectNode();
        whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        whole.put("$ref", reference.replace(SCHEMAS, "#/$defs/"));
        String definitions = root.path("components").path("schemas").toString().replace(SCHEMAS, "#/$defs/");
        whole.set("$defs", parse(definitions));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        whole,
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }
}
