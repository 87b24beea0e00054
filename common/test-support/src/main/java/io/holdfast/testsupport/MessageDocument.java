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
import com.rabbitmq.client.Envelope;
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
    private static final String BRIDGE = "x-bridge";
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

    /** Wire names of all messages that have one: those of the bridge have none. */
    public Set<String> types() {
        Set<String> types = new TreeSet<>();
        root.path("components").path("messages").forEach(message -> {
            if (!message.path(BRIDGE).asBoolean()) {
                types.add(message.path("name").asText());
            }
        });
        return types;
    }

    /** What the document calls the messages of the bridge. */
    public Set<String> bridgeTypes() {
        Set<String> names = new TreeSet<>();
        root.path("components")
                .path("messages")
                .forEach(message -> names.add(message.path("name").asText()));
        names.removeAll(types());
        return names;
    }

    /** {@code queue <- exchange/routing key} of every queue of a service. */
    public Set<String> bindings() {
        Set<String> bindings = new TreeSet<>();
        root.path("channels").forEach(channel -> {
            if (!channel.path("x-rabbitmq-only").asBoolean()
                    && !channel.path(BRIDGE).asBoolean()) {
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
        JsonNode message = messageOf(delivery);
        String type = String.valueOf(delivery.getProperties().getType());
        Envelope envelope = delivery.getEnvelope();
        if (message.isMissingNode()) {
            return List.of("the document has no message " + type + ", which goes to " + place(envelope));
        }
        String name = message.path("name").asText();
        JsonNode trait = follow(message.path("traits").path(0));
        List<String> problems = new ArrayList<>();
        String body = new String(delivery.getBody(), StandardCharsets.UTF_8);
        bodyProblems(name, body).forEach(problem -> problems.add(name + " body: " + problem));
        problems(trait.path("x-amqp-properties").path("$ref").asText(), properties(delivery))
                .forEach(problem -> problems.add(name + " properties: " + problem));
        String headers = trait.path("headers").path("$ref").asText();
        if (!headers.isEmpty()) {
            problems(headers, headers(delivery)).forEach(problem -> problems.add(name + " headers: " + problem));
        }
        if (headers.equals(SCHEMAS + "Headers")) {
            cloudEventProblems(delivery).forEach(problem -> problems.add(name + " headers: " + problem));
        }
        if (channels(name, envelope).isEmpty()) {
            problems.add(name + " goes to " + place(envelope) + ", which no channel says");
        }
        return problems;
    }

    /**
     * Whether a service that the document names sends this message to where it goes: empty if so. Of what programs outside send there
     * is nothing to hold it against.
     */
    public List<String> senderProblems(Delivery delivery) {
        String name = messageOf(delivery).path("name").asText();
        String sender = String.valueOf(delivery.getProperties().getAppId()).replaceFirst("^holdfast\\.", "");
        List<String> channels = channels(name, delivery.getEnvelope());
        for (JsonNode operation : root.path("operations")) {
            String channel = operation.path("channel").path("$ref").asText().replaceFirst(".*/", "");
            if (operation.path("action").asText().equals("send")
                    && operation.path("x-service").asText().equals(sender)
                    && channels.contains(channel)) {
                return List.of();
            }
        }
        return List.of("no operation says that " + sender + " sends " + name + " to " + place(delivery.getEnvelope()));
    }

    /** What the document calls this message: its wire name, or what it calls a message of the bridge; empty if it does not know it. */
    public String name(Delivery delivery) {
        return messageOf(delivery).path("name").asText();
    }

    private static String place(Envelope envelope) {
        return "exchange '" + envelope.getExchange() + "' with key '" + envelope.getRoutingKey() + "'";
    }

    private JsonNode messageOf(Delivery delivery) {
        String type = delivery.getProperties().getType();
        if (type != null) {
            return types().contains(type) ? message(type) : MissingNode.getInstance();
        }
        // Where a channel has several without a type, the body tells them apart; if none fits, the first is what it
        // should be.
        JsonNode first = MissingNode.getInstance();
        String body = new String(delivery.getBody(), StandardCharsets.UTF_8);
        for (String name : bridgeTypes()) {
            if (!channels(name, delivery.getEnvelope()).isEmpty()) {
                first = first.isMissingNode() ? message(name) : first;
                if (isJson(body) && bodyProblems(name, body).isEmpty()) {
                    return message(name);
                }
            }
        }
        return first;
    }

    /** What the headers have to say as the properties and the key do. */
    private static List<String> cloudEventProblems(Delivery delivery) {
        JsonNode headers = headers(delivery);
        var properties = delivery.getProperties();
        List<String> problems = new ArrayList<>();
        Map<String, String> expected = new TreeMap<>();
        expected.put("cloudEvents_id", String.valueOf(properties.getMessageId()));
        expected.put("cloudEvents_type", "io.holdfast." + properties.getType());
        expected.put(
                "cloudEvents_source",
                "/" + String.valueOf(properties.getAppId()).replace('.', '/'));
        expected.forEach((name, value) -> {
            if (!headers.path(name).asText().equals(value)) {
                problems.add(name + " is " + headers.path(name) + ", but by the properties " + value);
            }
        });
        String key = delivery.getEnvelope().getRoutingKey();
        String tenant = headers.path("cloudEvents_tenant").asText("_");
        if (delivery.getEnvelope().getExchange().equals("holdfast.events") && !key.endsWith("." + tenant)) {
            problems.add("cloudEvents_tenant is " + tenant + ", but the key " + key);
        }
        return problems;
    }

    /** Ids of the channels by which this message may go there. */
    private List<String> channels(String name, Envelope envelope) {
        List<String> found = new ArrayList<>();
        root.path("channels").properties().forEach(entry -> {
            JsonNode channel = entry.getValue();
            JsonNode amqp = channel.path("bindings").path("amqp");
            JsonNode exchange = amqp.path("exchange");
            boolean leadsThere = amqp.path("is").asText().equals("routingKey")
                    && exchange.path("name").asText().equals(envelope.getExchange())
                    && (exchange.path("type").asText().equals("fanout")
                            || envelope.getRoutingKey().matches(keyPattern(channel)));
            for (JsonNode message : channel.path("messages")) {
                if (leadsThere && follow(message).path("name").asText().equals(name)) {
                    found.add(entry.getKey());
                }
            }
        });
        return found;
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

    private static boolean isJson(String text) {
        try {
            return !JSON.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }
}
