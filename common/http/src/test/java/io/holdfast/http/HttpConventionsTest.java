package io.holdfast.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasLength;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.type.TypeReference;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(HttpConventionsTest.Profile.class)
class HttpConventionsTest {

    public static class Profile implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "holdfast.secret-key",
                    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                    "holdfast.down.url",
                    "http://127.0.0.1:1");
        }
    }

    public record Body(String name, Instant at) {}

    @Path("/")
    public static class Resource {

        @Inject
        CurrentCaller caller;

        @GET
        @Path("internal/sample/caller")
        public Map<String, Object> caller() {
            return Map.of("username", caller.identity().username(), "correlationId", MDC.get(Correlation.MDC_KEY));
        }

        @POST
        @Path("internal/sample/echo")
        @Consumes(MediaType.APPLICATION_JSON)
        public Body echo(Body body) {
            return body;
        }

        @POST
        @Path("internal/sample/stream")
        @Consumes(MediaType.WILDCARD)
        @Produces(MediaType.APPLICATION_OCTET_STREAM)
        public InputStream stream(InputStream body) throws java.io.IOException {
            return new ByteArrayInputStream(body.readAllBytes());
        }

        @GET
        @Path("internal/sample/unchanged")
        public Response unchanged() {
            return Response.notModified().build();
        }

        @GET
        @Path("internal/sample/conflict")
        public String conflict() {
            throw new ManagerException(ErrorCode.CONFLICT, "a exists", "choose another id");
        }

        @GET
        @Path("open/broken")
        public String broken() {
            throw new IllegalStateException("inside knowledge");
        }

        @GET
        @Path("open/refused-by-the-database")
        public String refused(@QueryParam("state") String state) {
            throw new IllegalStateException("wrapped", new SQLException("inside knowledge", state));
        }

        @GET
        @Path("open/length")
        public int length(@QueryParam("id") String id) {
            return id.length();
        }

        @POST
        @Path("open/optional")
        @OptionalBody
        @Consumes(MediaType.APPLICATION_JSON)
        public String optional(@Nullable Body body) {
            return body == null ? "none" : body.name();
        }

        @POST
        @Path("open/json")
        @Consumes(MediaType.APPLICATION_JSON)
        public Body json(Body body) {
            return body;
        }
    }

    @Inject
    InternalHttp http;

    @Test
    void unsignedInternalRequestsAreRefusedUnderAnySpelling() {
        for (String path : List.of(
                "/internal/sample/caller",
                "//internal/sample/caller",
                "/%69nternal/sample/caller",
                "/open/../internal/sample/caller",
                "/internal/none")) {
            given().urlEncodingEnabled(false)
                    .get(path)
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json")
                    .body("error_code", equalTo("unauthorized_error"));
        }
    }

    @Test
    void aSignedCallIsMadeAsTheServiceAndKeepsTheCorrelationId() {
        // given
        MDC.put(Correlation.MDC_KEY, "abc-1");
        // when
        Map<String, String> answer = http.to("sample").get("/caller", new TypeReference<Map<String, String>>() {});
        MDC.remove(Correlation.MDC_KEY);
        // then
        assertThat(answer).containsEntry("username", "holdfast:http").containsEntry("correlationId", "abc-1");
    }

    @Test
    void aCallCanBeMadeOnBehalfOfAUser() {
        CallerIdentity alice =
                new CallerIdentity("alice", false, "t1", List.of("t1"), List.of(), "token", Instant.EPOCH);
        Map<String, String> answer =
                http.to("sample").as(alice).get("/caller", new TypeReference<Map<String, String>>() {});
        assertThat(answer).containsEntry("username", "alice");
    }

    @Test
    void jsonCarriesInstantsAsIsoText() {
        Body body = new Body("n", Instant.parse("2026-01-02T03:04:05.678Z"));
        HttpResponse<byte[]> answer = http.to("sample").exchange("POST", "/echo", body);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"n\",\"at\":\"2026-01-02T03:04:05.678Z\"}");
    }

    @Test
    void streamsGoBothWays() throws Exception {
        byte[] sent = new byte[3_000_000];
        sent[sent.length - 1] = 7;
        HttpResponse<InputStream> answer = http.to("sample")
                .open("POST", "/stream", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(sent)));
        try (InputStream body = answer.body()) {
            assertThat(body.readAllBytes()).isEqualTo(sent);
        }
    }

    @Test
    void notModifiedIsAnAnswerNotAnError() {
        assertThat(http.to("sample").exchange("GET", "/unchanged", null).statusCode())
                .isEqualTo(304);
    }

    @Test
    void anotherServicesProblemComesBackAsTheSameException() {
        ManagerException e = catchThrowableOfType(
                ManagerException.class, () -> http.to("sample").get("/conflict", String.class));
        assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(e.detail()).isEqualTo("a exists");
        assertThat(e.hint()).isEqualTo("choose another id");
    }

    @Test
    void aServiceThatIsDownIsUnavailableWithItsAddress() {
        ManagerException e = catchThrowableOfType(
                ManagerException.class, () -> http.to("down").get("/x", String.class));
        assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
        assertThat(e.detail()).contains("down-service does not answer at http://127.0.0.1:1");
    }

    @Test
    void theUnexpectedTellsNothingButWhereToLook() {
        given().header(Correlation.HEADER, "trace-7")
                .get("/open/broken")
                .then()
                .statusCode(500)
                .header(Correlation.HEADER, "trace-7")
                .body("error_code", equalTo("internal_server_error"))
                .body("correlation_id", equalTo("trace-7"))
                .body("hint", containsString("trace-7"))
                .body("detail", not(containsString("inside knowledge")));
    }

    @Test
    void aValueThatTheDatabaseCannotHoldIsABadRequest() {
        refusedByTheDatabase("22021").statusCode(400).body("detail", containsString("U+0000"));
        refusedByTheDatabase("22P05").statusCode(400).body("detail", containsString("U+0000"));
        refusedByTheDatabase("22008").statusCode(400).body("error_code", equalTo("bad_parameters_error"));
        refusedByTheDatabase("42P10").statusCode(500).body("error_code", equalTo("internal_server_error"));
    }

    private static ValidatableResponse refusedByTheDatabase(String state) {
        return given().get("/open/refused-by-the-database?state=" + state).then();
    }

    @Test
    void aQueryMayNameManyIds() {
        given().get("/open/length?id=" + "a".repeat(40_000))
                .then()
                .statusCode(200)
                .body(equalTo("40000"));
    }

    @Test
    void unfitCorrelationIdsAreReplaced() {
        given().header(Correlation.HEADER, "two words")
                .get("/open/broken")
                .then()
                .header(Correlation.HEADER, hasLength(36));
    }

    @Test
    void frameworkRefusalsAreProblemsToo() {
        given().get("/nowhere")
                .then()
                .statusCode(404)
                .body("error_code", equalTo("not_found_error"))
                .body("status", equalTo(404))
                .body("hint", nullValue());
        given().delete("/open/json").then().statusCode(405).body("error_code", equalTo("method_not_allowed_error"));
        given().contentType("text/plain")
                .body("x")
                .post("/open/json")
                .then()
                .statusCode(415)
                .body("error_code", equalTo("unsupported_content_type_error"));
    }

    @Test
    void jsonNeedsItsTypeAlsoWhereTheBodyIsEmpty() throws Exception {
        for (String body : List.of("{}", "")) {
            HttpResponse<String> answer = untyped("/open/json", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(415);
            assertThat(answer.body())
                    .contains("unsupported_content_type_error", "Content type must be application/json");
        }
    }

    @Test
    void emptyJsonIsABadRequest() {
        given().contentType("application/json")
                .post("/open/json")
                .then()
                .statusCode(400)
                .body("error_code", equalTo("bad_parameters_error"))
                .body("detail", equalTo("the request body is empty, expected a JSON object"));
    }

    @Test
    void bodiesThatMayBeLeftOutAreReadWhereTheyAre() throws Exception {
        assertThat(untyped("/open/optional", "").body()).isEqualTo("none");
        given().contentType("application/json").post("/open/optional").then().body(equalTo("none"));
        given().contentType("application/json")
                .body("{\"name\": \"n\"}")
                .post("/open/optional")
                .then()
                .body(equalTo("n"));
    }

    @Test
    void unreadableJsonIsABadRequest() {
        post("{\"name\":").statusCode(400).body("error_code", equalTo("bad_parameters_error"));
        post("[1]").statusCode(400).body("error_code", equalTo("bad_parameters_error"));
        post("{\"at\":\"no time\"}").statusCode(400).body("error_code", equalTo("bad_parameters_error"));
    }

    /** With the JDK's client: REST-assured sends a type always. */
    private static HttpResponse<String> untyped(String path, String body) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + path))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static ValidatableResponse post(String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/open/json")
                .then();
    }
}
