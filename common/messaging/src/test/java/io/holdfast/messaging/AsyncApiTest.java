package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.events.Event;
import io.holdfast.testsupport.MessageDocument;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/asyncapi.yaml} against the records of the contracts and the golden files. */
class AsyncApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MessageDocument document = MessageDocument.load();

    static List<Class<? extends Event>> messages() {
        return Messages.all();
    }

    @Test
    void everyMessageIsInTheDocumentAndNoOther() {
        Set<String> types = new TreeSet<>();
        Messages.all().forEach(message -> types.add(Messages.type(message)));
        assertThat(document.types()).isEqualTo(types);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void goldenFileIsWhatTheSchemaSays(Class<? extends Event> message) {
        String type = Messages.type(message);
        assertThat(document.bodyProblems(type, MessageDocument.golden(type))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void schemaNamesEveryFieldAndRequiresThoseThatAreNeverNull(Class<? extends Event> message) throws Exception {
        // given
        String type = Messages.type(message);
        ObjectNode golden = (ObjectNode) JSON.readTree(MessageDocument.golden(type));
        for (RecordComponent field : message.getRecordComponents()) {
            // then: a field that may be null may also be left out, any other may not
            ObjectNode without = golden.deepCopy();
            without.remove(field.getName());
            boolean nullable = field.getAnnotatedType().isAnnotationPresent(Nullable.class);
            assertThat(document.bodyProblems(type, without.toString()).isEmpty())
                    .as(type + " without " + field.getName())
                    .isEqualTo(nullable);
            // and: none takes what it is not
            ObjectNode wrong = golden.deepCopy();
            wrong.set(field.getName(), JSON.readTree("[{\"neither\": [\"text\"]}]"));
            assertThat(document.bodyProblems(type, wrong.toString()))
                    .as(type + " with a wrong " + field.getName())
                    .isNotEmpty();
        }
        // and: fields may be added
        assertThat(document.bodyProblems(
                        type, golden.deepCopy().put("addedLater", true).toString()))
                .isEmpty();
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
        assertThat(sent).isEqualTo(document.types());
        Messages.all().stream()
                .filter(message -> Messages.sample(message).exchange().equals(Event.COMMANDS))
                .forEach(command -> assertThat(received).contains(Messages.type(command)));
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
