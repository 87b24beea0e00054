package io.holdfast.contracts.requests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests and replies against their golden files: what fails here would fail at somebody else's program. */
class GoldenRequestsTest {

    private static final String EXECUTION = "7dbc1ae2-5a00-497e-9ebb-13942856834a";

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static Stream<Request> requests() {
        return Stream.of(
                new Request.StartExecution(
                        "web", "scale", Map.of("delta", 1), null, "2026-03-13T04:00:00Z", true, null, null, 7, null),
                new Request.CancelExecution(EXECUTION, "force-cancel"),
                new Request.GetExecution(EXECUTION),
                new Request.PutSchedule(
                        "nightly",
                        "web",
                        "backup",
                        null,
                        Map.of("since", "2026-03-13T04:00:00Z", "recurrence", "1 day")),
                new Request.DeleteSchedule("nightly", "web"),
                new Request.CreateSnapshot("before-upgrade", null, false, null, null));
    }

    static Stream<Reply> replies() {
        return Stream.of(
                Reply.Accepted.execution(EXECUTION, "scheduled", "2026-03-13T04:00:00.000Z"),
                new Reply.Progress(EXECUTION, "failed", "2026-03-13T04:00:07.000Z", "no space left on device", false),
                new Reply.Refused(
                        "urn:holdfast:problem:bad_parameters_error",
                        "Bad parameters",
                        400,
                        "bad_parameters_error",
                        "2 fields are wrong",
                        null,
                        List.of(
                                new Reply.FieldError("/deployment", "is missing"),
                                new Reply.FieldError("/priority", "is 12, must be at most 9")),
                        "order-17",
                        false,
                        null,
                        false));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void requestIsOnTheWireAsItsGoldenFileSaysAndMayGetMoreFields(Request request) throws IOException {
        assertGolden(request, request.type());
    }

    @ParameterizedTest
    @MethodSource("replies")
    void replyIsOnTheWireAsItsGoldenFileSaysAndMayGetMoreFields(Reply reply) throws IOException {
        assertGolden(reply, reply.type());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void schemaAndRecordHaveTheSameFieldsAndRequireTheSame(Request request) throws IOException {
        // given
        Set<String> fields = new TreeSet<>();
        Set<String> required = new TreeSet<>();
        for (RecordComponent component : request.getClass().getRecordComponents()) {
            String name = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
            fields.add(name);
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(name);
            }
        }
        // when
        JsonNode schema = read(Request.class, request.type() + ".json");
        // then
        assertThat(schema.path("title").asText()).isEqualTo(request.type());
        assertThat(names(schema.path("properties").fieldNames())).isEqualTo(fields);
        Set<String> requiredBySchema = new TreeSet<>();
        schema.path("required").forEach(name -> requiredBySchema.add(name.asText()));
        assertThat(requiredBySchema).isEqualTo(required);
    }

    @Test
    void nothingIsForgotten() {
        assertThat(requests().map(Object::getClass).toList())
                .hasSameElementsAs(List.of(Request.class.getPermittedSubclasses()));
        assertThat(replies().map(Object::getClass).toList())
                .hasSameElementsAs(List.of(Reply.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void replyThatIsGivenAgainSaysSo(Reply reply) {
        assertThat(reply.duplicate()).isFalse();
        assertThat(reply.again().duplicate()).isTrue();
    }

    private static void assertGolden(Object message, String type) throws IOException {
        JsonNode golden = read(GoldenRequestsTest.class, "/requests/" + type + ".json");
        JsonNode written = MAPPER.readTree(MAPPER.writeValueAsString(message));
        assertThat(written).isEqualTo(golden);
        ObjectNode later = golden.deepCopy();
        later.put("added_later", "yes");
        assertThat((Object) MAPPER.treeToValue(later, message.getClass())).isEqualTo(message);
    }

    private static Set<String> names(java.util.Iterator<String> names) {
        Set<String> set = new TreeSet<>();
        names.forEachRemaining(set::add);
        return set;
    }

    private static JsonNode read(Class<?> beside, String name) throws IOException {
        try (InputStream in = beside.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return MAPPER.readTree(in);
        }
    }
}
