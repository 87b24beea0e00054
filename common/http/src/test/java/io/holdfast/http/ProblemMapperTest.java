package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpClosedException;
import jakarta.transaction.RollbackException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProblemMapperTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ProblemMapper mapper = new ProblemMapper(JSON, new Correlation());

    private static Exception thrownIn(String className, Exception e) {
        e.setStackTrace(new StackTraceElement[] {new StackTraceElement(className, "parse", "X.java", 1)});
        return e;
    }

    private static String text(Response response) {
        return String.valueOf(response.getEntity());
    }

    @Test
    void formsThatCannotBeReadAreTheClientsFault() {
        // given
        Exception e = thrownIn(
                "org.jboss.resteasy.reactive.server.core.multipart.MultiPartParserDefinition$MultiPartUploadHandler",
                new IOException("Connection terminated parsing multipart request"));
        // when
        Response answer = mapper.unexpected(e);
        // then
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(text(answer)).contains("bad_parameters_error").contains("not the form that its content type says");
    }

    @Test
    void contentTypesThatAreNoneAreNotSupported() {
        // given
        Exception e = thrownIn(
                "org.jboss.resteasy.reactive.common.headers.MediaTypeHeaderDelegate",
                new IllegalArgumentException("nonsense"));
        // when
        Response answer = mapper.unexpected(e);
        // then
        assertThat(answer.getStatus()).isEqualTo(415);
        assertThat(text(answer)).contains("Content type must be application/json");
    }

    @Test
    void whatElseGoesWrongTellsNothingOfTheInside() {
        // given
        Exception e = thrownIn("io.holdfast.Secret", new IllegalStateException("swordfish"));
        // when
        Response answer = mapper.unexpected(e);
        // then
        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(text(answer)).contains("internal_server_error").doesNotContain("swordfish");
    }

    @Test
    void bodiesOfAnotherShapeAreRefusedWithoutNamesOfClasses() {
        for (Class<?> expected : List.of(Map.class, List.class, Integer.class, Boolean.class)) {
            try {
                JSON.readValue("\"text\"", expected);
            } catch (JsonProcessingException e) {
                Response answer = mapper.unreadable(e);
                assertThat(answer.getStatus()).isEqualTo(400);
                assertThat(text(answer))
                        .contains("the request body is not the JSON expected here")
                        .contains(": it is not ")
                        .doesNotContain("java");
                continue;
            }
            throw new AssertionError(expected + " was read from a text");
        }
    }

    @Test
    void contentTypesOfFormsThatCannotBeReadAreTheClientsFault() {
        // given
        Exception e = new StringIndexOutOfBoundsException("String index out of range: 30");
        e.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("java.lang.StringLatin1", "charAt", "StringLatin1.java", 48),
            new StackTraceElement("java.lang.String", "charAt", "String.java", 1517),
            new StackTraceElement("org.jboss.resteasy.reactive.common.headers.HeaderUtil", "extract", "H.java", 376),
            new StackTraceElement(
                    "org.jboss.resteasy.reactive.server.core.multipart.MultiPartParserDefinition",
                    "create",
                    "M.java",
                    76)
        });
        // when
        Response answer = mapper.unexpected(e);
        // then
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(text(answer)).contains("not the form that its content type says");
    }

    @Test
    void textsThatAreTooLongToBeStoredAreTheClientsFault() {
        // when
        Response answer = mapper.unexpected(
                new IllegalStateException("cannot write", new SQLException("index row requires 12040 bytes", "54000")));
        // then
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(text(answer)).contains("bad_parameters_error").contains("too long to be stored");
    }

    @Test
    void aTransactionThatTookTooLongIsSaidToHaveChangedNothing() {
        // when
        Response answer = mapper.unexpected(new IllegalStateException(
                new RollbackException("ARJUNA016102: The transaction is not active! Uid is 1")));
        Response other = mapper.unexpected(new IllegalStateException(new RollbackException("it failed")));
        // then
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(text(answer)).contains("has changed nothing").contains("ask for less at once");
        assertThat(other.getStatus()).isEqualTo(500);
    }

    @Test
    void aClientThatGoesAwayInTheMiddleIsNoFaultOfTheServer() {
        // when
        Response answer = mapper.unexpected(
                new UncheckedIOException(new IOException(new HttpClosedException("Connection was closed"))));
        // then
        assertThat(answer.getStatus()).isEqualTo(400);
        assertThat(text(answer)).contains("broke off");
    }
}
