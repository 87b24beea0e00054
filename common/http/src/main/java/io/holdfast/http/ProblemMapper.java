package io.holdfast.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.RollbackException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Turns what resources throw into {@code application/problem+json}: ours with its code and hint, the framework's with the nearest code,
 * the unexpected as 500 without any inside knowledge — that is logged, once, under the correlation id that the answer names.
 */
@ApplicationScoped
public class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    /**
     * SQL states of values that PostgreSQL neither stores nor compares with, and what to say of them: texts with U+0000, plain and in
     * JSON, times far outside of the calendar, and texts that are too long for an index.
     */
    private static final Map<String, String> UNSTORABLE = Map.of(
            "22021", "the request has a text with the character U+0000, which is not allowed",
            "22P05", "the request has a text with the character U+0000, which is not allowed",
            "22008", "the request has a time that is out of range",
            "54000", "the request has an id or another text that is too long to be stored");

    /** What the transaction manager says of one that is over. Source: Narayana, messages of its JTA. */
    private static final String NOT_ACTIVE = "ARJUNA016102";

    /** Of a stack trace, from the place where the exception was thrown, without the JDK's own. */
    private static final int FRAMES = 3;

    private final ObjectMapper json;
    private final Correlation correlation;

    public ProblemMapper(ObjectMapper json, Correlation correlation) {
        this.json = json;
        this.correlation = correlation;
    }

    @ServerExceptionMapper
    public Response ours(ManagerException e) {
        if (e.code().httpStatus() >= 500) {
            LOG.warnf(e.getCause(), "%s: %s", e.code().wireCode(), e.detail());
        }
        return answer(e.code(), e.code().httpStatus(), e.detail(), e.hint(), e.members());
    }

    @ServerExceptionMapper
    public Response unreadable(JsonProcessingException e) {
        return unreadableBody(e);
    }

    // The framework has a mapper of its own for this subclass, which an exact match overrides.
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException e) {
        return unreadableBody(e);
    }

    @ServerExceptionMapper
    public Response frameworks(WebApplicationException e, HttpServerRequest request) {
        int status = e.getResponse().getStatus();
        if (e.getCause() instanceof JsonProcessingException unreadable) {
            return unreadableBody(unreadable);
        }
        if (status < 400) {
            return e.getResponse();
        }
        if (status >= 500) {
            return unexpected(e);
        }
        if (e.getCause() instanceof NumberFormatException unread) {
            return answer(
                    ErrorCode.BAD_PARAMETERS,
                    ErrorCode.BAD_PARAMETERS.httpStatus(),
                    noNumber(request.params(), String.valueOf(unread.getMessage())),
                    null);
        }
        String where = request.method() + " " + request.path();
        if (status == 404) {
            return answer(ErrorCode.NOT_FOUND, status, "there is no resource at " + where, null);
        }
        if (status == 405) {
            return answer(ErrorCode.METHOD_NOT_ALLOWED, status, "the resource does not allow " + where, null);
        }
        if (status == 415) {
            return answer(ErrorCode.UNSUPPORTED_CONTENT_TYPE, status, JsonContent.REFUSAL, null);
        }
        return answer(ErrorCode.ofStatus(status), status, messageOf(e), null);
    }

    @ServerExceptionMapper
    public Response unexpected(Throwable e) {
        String unstorable = unstorable(e);
        if (unstorable != null) {
            return answer(ErrorCode.BAD_PARAMETERS, ErrorCode.BAD_PARAMETERS.httpStatus(), unstorable, null);
        }
        if (isThrownIn(e, "MediaTypeHeaderDelegate")) {
            return answer(
                    ErrorCode.UNSUPPORTED_CONTENT_TYPE,
                    ErrorCode.UNSUPPORTED_CONTENT_TYPE.httpStatus(),
                    JsonContent.REFUSAL,
                    null);
        }
        if (isThrownIn(e, "MultiPart")) {
            return answer(
                    ErrorCode.BAD_PARAMETERS,
                    ErrorCode.BAD_PARAMETERS.httpStatus(),
                    "the request body is not the form that its content type says",
                    "send multipart/form-data with the boundary that the content type names, to its end");
        }
        if (hasGone(e)) {
            // Nobody reads the answer, and there is nothing that an operator could do about clients that go away.
            LOG.debugf("a request broke off before its body was complete: %s", e);
            return answer(
                    ErrorCode.BAD_PARAMETERS,
                    ErrorCode.BAD_PARAMETERS.httpStatus(),
                    "the request broke off before its body was complete",
                    null);
        }
        if (DatabaseAway.causes(e)) {
            LOG.warnf("a request failed because of the database: %s", e);
            return Response.fromResponse(answer(
                            ErrorCode.SERVICE_UNAVAILABLE,
                            ErrorCode.SERVICE_UNAVAILABLE.httpStatus(),
                            DatabaseAway.MESSAGE,
                            DatabaseAway.HINT))
                    .header("Retry-After", 1)
                    .build();
        }
        if (tookTooLong(e)) {
            LOG.warnf("a request took longer than its transaction may: %s", e);
            return answer(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    ErrorCode.SERVICE_UNAVAILABLE.httpStatus(),
                    "The request took longer than one transaction may, and has changed nothing",
                    "ask for less at once, or when the manager has less to do");
        }
        LOG.error("a request failed unexpectedly", e);
        return answer(
                ErrorCode.INTERNAL_SERVER,
                ErrorCode.INTERNAL_SERVER.httpStatus(),
                "an unexpected error occurred",
                "the log has the cause under correlation id " + correlation.current());
    }

    /** The framework answers 404 to a query parameter that is no number where one is wanted, and does not say which. */
    private static String noNumber(MultiMap query, String message) {
        return query.entries().stream()
                .filter(parameter -> message.contains('"' + parameter.getValue() + '"'))
                .map(parameter -> parameter.getKey() + ": expected a number"
                        + (parameter.getValue().matches("-?\\d+")
                                ? " from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
                                : "")
                        + ", but got: " + parameter.getValue())
                .findFirst()
                .orElse("a parameter of the query is no number, where one is expected");
    }

    /** The framework throws plain exceptions of the JDK at headers and forms that it cannot read; only the place tells them apart. */
    private static boolean isThrownIn(Throwable e, String classNamePart) {
        return Arrays.stream(e.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
                .limit(FRAMES)
                .anyMatch(name -> name.startsWith("org.jboss.resteasy.reactive.") && name.contains(classNamePart));
    }

    private static boolean hasGone(Throwable e) {
        return causes(e).anyMatch(HttpClosedException.class::isInstance);
    }

    /** The transaction manager ends what takes too long; whoever goes on then finds that. */
    private static boolean tookTooLong(Throwable e) {
        return causes(e)
                .anyMatch(cause -> cause instanceof RollbackException
                        && String.valueOf(cause.getMessage()).contains(NOT_ACTIVE));
    }

    /** It and what it was caused by. */
    private static Stream<Throwable> causes(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    private static @Nullable String unstorable(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refused && refused.getSQLState() != null) {
                return UNSTORABLE.get(refused.getSQLState());
            }
        }
        return null;
    }

    private Response unreadableBody(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return answer(
                ErrorCode.BAD_PARAMETERS,
                ErrorCode.BAD_PARAMETERS.httpStatus(),
                "the request body is not the JSON expected here" + where + ": " + reason(e),
                null);
    }

    /** Of JSON that is none, the parser's own words; of JSON of another shape ours, since the library's name classes. */
    private static String reason(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return e.getOriginalMessage().replaceAll(", from `[^`]*`", "");
        }
        String field = mapping.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
        String what = field.isEmpty() ? "it is" : "`" + field + "` is";
        Class<?> expected = e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : null;
        return what + " not " + (expected == null ? "of the kind expected" : nameOf(expected));
    }

    private static String nameOf(Class<?> expected) {
        if (CharSequence.class.isAssignableFrom(expected)) {
            return "a text";
        }
        if (expected == Boolean.class || expected == boolean.class) {
            return "true or false";
        }
        if (Number.class.isAssignableFrom(expected) || expected.isPrimitive()) {
            return "a number";
        }
        if (Collection.class.isAssignableFrom(expected) || expected.isArray()) {
            return "a list";
        }
        return expected.isEnum() ? "one of the words allowed" : "a JSON object, or it has fields that are not expected";
    }

    private static String messageOf(WebApplicationException e) {
        String message = e.getMessage();
        return message == null || message.isBlank()
                ? ErrorCode.ofStatus(e.getResponse().getStatus()).title()
                : message;
    }

    private Response answer(ErrorCode code, int status, String detail, @Nullable String hint) {
        return answer(code, status, detail, hint, Map.of());
    }

    private Response answer(
            ErrorCode code, int status, String detail, @Nullable String hint, Map<String, @Nullable Object> members) {
        Problem base = Problem.of(code, detail, hint, correlation.current());
        Problem problem = new Problem(
                base.type(), base.title(), status, base.detail(), base.errorCode(), base.hint(), base.correlationId());
        try {
            return Response.status(status)
                    .type(Problem.MEDIA_TYPE)
                    .entity(json.writeValueAsString(members.isEmpty() ? problem : withMembers(problem, members)))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is always JSON", e);
        }
    }

    private ObjectNode withMembers(Problem problem, Map<String, @Nullable Object> members) {
        ObjectNode whole = json.valueToTree(problem);
        members.forEach((name, value) -> whole.set(name, json.valueToTree(value)));
        return whole;
    }
}
