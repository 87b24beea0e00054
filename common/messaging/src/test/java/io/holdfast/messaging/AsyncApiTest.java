package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.requests.Request;
import io.holdfast.testsupport.MessageDocument;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/asyncapi.yaml} against the records of the contracts and the golden files. */
class AsyncApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageDocument document = MessageDocument.load();

    static List<Class<?>> messages() {
        List<Class<?>> messages = new ArrayList<>(Messages.all());
        messages.addAll(Messages.requestsAndReplies());
        return messages;
    }

    static List<Class<?>> requests() {
        return List.of(Request.class.getPermittedSubclasses());
    }

    @Test
    void everyMessageIsInTheDocumentAndNoOther() {
        Set<String> types = new TreeSet<>();
        messages().forEach(message -> types.add(Messages.type(message)));
        assertThat(document.types()).isEqualTo(types);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void goldenFileIsWhatTheSchemaSaysAndTheExample(Class<?> message) throws Exception {
        String type = Messages.type(message);
        String golden = MessageDocument.golden(type);
        assertThat(document.bodyProblems(type, golden)).isEmpty();
        assertThat(document.message(type).path("examples").path(0).path("payload"))
                .isEqualTo(JSON.readTree(golden));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void schemaNamesEveryFieldAndRequiresThoseThatAreNeverNull(Class<?> message) throws Exception {
        // given
        String type = Messages.type(message);
        ObjectNode golden = (ObjectNode) JSON.readTree(MessageDocument.golden(type));
        for (RecordComponent field : message.getRecordComponents()) {
            // then: a field that may be null may also be left out, any other may not
            String name = wireName(field);
            ObjectNode without = golden.deepCopy();
            without.remove(name);
            boolean nullable = field.getAnnotatedType().isAnnotationPresent(Nullable.class);
            assertThat(document.bodyProblems(type, without.toString()).isEmpty())
                    .as(type + " without " + name)
                    .isEqualTo(nullable);
            // and: none takes what it is not
            ObjectNode wrong = golden.deepCopy();
            wrong.set(name, JSON.readTree("[{\"neither\": [\"text\"]}]"));
            assertThat(document.bodyProblems(type, wrong.toString()))
                    .as(type + " with a wrong " + name)
                    .isNotEmpty();
        }
        // and: fields may be added
        assertThat(document.bodyProblems(
                        type, golden.deepCopy().put("addedLater", true).toString()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void schemaOfARequestIsTheOneThatItsBodyIsCheckedAgainst(Class<?> request) throws Exception {
        // given
        String type = Messages.type(request);
        ObjectNode checked;
        try (InputStream in = Request.class.getResourceAsStream(type + ".json")) {
            checked = (ObjectNode) JSON.readTree(in);
        }
        // when
        checked.remove(List.of("$schema", "title"));
        // then
        assertThat(document.follow(document.message(type).path("payload"))).isEqualTo(checked);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestIsOnTheWireAsTheDocumentSays(Class<?> request) {
        // given
        String type = Messages.type(request);
        String key = type.replaceFirst("^request", "request.research").replaceFirst("\\.v1$", "");
        String golden = MessageDocument.golden(type);
        BasicProperties least = new BasicProperties.Builder()
                .messageId("order-17")
                .type(type)
                .userId("acme")
                .build();
        BasicProperties most = least.builder()
                .replyTo("reply.acme.job-1")
                .correlationId("17")
                .timestamp(new Date())
                .expiration("60000")
                .deliveryMode(2)
                .contentType("application/json")
                .headers(Map.of("deadline", "2026-03-13T05:00:00+01:00", "x-trace", "7"))
                .build();
        // then
        assertThat(problems(Event.REQUESTS, key, least, golden)).isEmpty();
        assertThat(problems(Event.REQUESTS, key, most, golden)).isEmpty();
        assertThat(problems(
                        Event.REQUESTS,
                        key,
                        least.builder().headers(Map.of("deadline", new Date())).build(),
                        golden))
                .isEmpty();
        // and: nothing else
        for (BasicProperties wrong : List.of(
                least.builder().messageId(null).build(),
                least.builder().messageId("order 17").build(),
                least.builder().messageId("1".repeat(129)).build(),
                least.builder().userId(null).build(),
                least.builder().type(null).build(),
                least.builder().type(type + "0").build(),
                least.builder().replyTo("scheduler.commands").build(),
                least.builder().replyTo("reply.").build(),
                least.builder().expiration("soon").build(),
                least.builder().headers(Map.of("deadline", "tomorrow")).build())) {
            assertThat(problems(Event.REQUESTS, key, wrong, golden))
                    .as(wrong.toString())
                    .isNotEmpty();
        }
        assertThat(problems(Event.REQUESTS, type, least, golden)).isNotEmpty();
        assertThat(problems(Event.REQUESTS, "request.research.restore.start", least, golden))
                .isNotEmpty();
        assertThat(problems(Event.COMMANDS, key, least, golden)).isNotEmpty();
        assertThat(problems(Event.REQUESTS, key, least, "[]")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "request.execution.start.v1, priority, 12",
        "request.execution.start.v1, priority, 1.5",
        "request.execution.start.v1, deployment, '\"\"'",
        "request.execution.cancel.v1, mode, '\"gently\"'",
        "request.snapshot.create.v1, include_logs, '\"yes\"'",
        "reply.refused.v1, status, 200",
        "reply.refused.v1, type, '\"about:blank\"'",
        "reply.refused.v1, errors, '[]'",
        "reply.refused.v1, errors, '[{\"pointer\": \"deployment\", \"message\": \"is missing\"}]'",
        "reply.refused.v1, retry_after_ms, 0",
        "reply.accepted.v1, execution_id, null"
    })
    void whatBreaksARuleOfTheBodyIsRefused(String type, String field, String value) throws Exception {
        ObjectNode body = (ObjectNode) JSON.readTree(MessageDocument.golden(type));
        body.set(field, JSON.readTree(value));
        assertThat(document.bodyProblems(type, body.toString())).isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        check(document.root(), broken);
        assertThat(broken).isEmpty();
    }

    @Test
    void everyMessageIsSentBySomebodyAndEveryCommandIsReceived() {
        Set<String> sent = new TreeSet<>();
        Set<String> received = new TreeSet<>();
        for (JsonNode operation : document.root().path("operations")) {
            Set<String> into = operation.path("action").asText().equals("send") ? sent : received;
            operation
                    .path("messages")
                    .forEach(message -> into.add(name(message.path("$ref").asText())));
        }
        Set<String> all = new TreeSet<>(document.types());
        all.addAll(document.bridgeTypes());
        assertThat(sent).isEqualTo(all);
        Messages.all().stream()
                .filter(message -> Messages.sample(message).exchange().equals(Event.COMMANDS))
                .forEach(command -> assertThat(received).contains(Messages.type(command)));
        Messages.requestsAndReplies().forEach(message -> assertThat(received).contains(Messages.type(message)));
    }

    private List<String> problems(String exchange, String key, BasicProperties properties, String body) {
        return document.problems(new com.rabbitmq.client.Delivery(
                new Envelope(1, false, exchange, key), properties, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String wireName(RecordComponent field) {
        JsonProperty name = field.getAccessor().getAnnotation(JsonProperty.class);
        return name == null ? field.getName() : name.value();
    }

    private String name(String reference) {
        String id = reference.replaceFirst(".*/", "");
        return document.root()
                .path("components")
                .path("messages")
                .path(id)
                .path("name")
                .asText();
    }

    private void check(JsonNode node, List<String> broken) {
        JsonNode reference = node.get("$ref");
        if (reference != null
                && document.root().at(reference.asText().substring(1)).isMissingNode()) {
            broken.add(reference.asText());
        }
        for (Iterator<JsonNode> parts = node.elements(); parts.hasNext(); ) {
            check(parts.next(), broken);
        }
    }
}
