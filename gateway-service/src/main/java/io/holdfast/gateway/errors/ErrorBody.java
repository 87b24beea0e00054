package io.holdfast.gateway.errors;

import io.holdfast.contracts.errors.ErrorCode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The manager API's error answer: {@code {"message", "error_code", "server_traceback"}}, with further members where a code has some.
 * Source: cloudify-api section 1.5.
 */
public final class ErrorBody {

    /** Members of a problem that have their place in this body, or none. */
    private static final Set<String> NOT_CARRIED =
            Set.of("type", "title", "status", "detail", "instance", "error_code", "hint", "correlation_id");

    private ErrorBody() {}

    public static Map<String, @Nullable Object> of(String message, String errorCode, @Nullable String traceback) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("message", Objects.requireNonNull(message));
        body.put("error_code", Objects.requireNonNull(errorCode));
        body.put("server_traceback", traceback);
        return body;
    }

    /** @param problem an {@code application/problem+json} document; members beyond the standard ones are kept */
    public static Map<String, @Nullable Object> ofProblem(Map<String, @Nullable Object> problem, int status) {
        ErrorCode fallback = codeFor(status);
        Object detail = problem.get("detail");
        Object code = problem.get("error_code");
        Map<String, @Nullable Object> body = of(
                detail == null ? fallback.title() : detail.toString(),
                code == null ? fallback.wireCode() : code.toString(),
                null);
        problem.forEach((member, value) -> {
            if (!NOT_CARRIED.contains(member)) {
                body.put(member, value);
            }
        });
        return body;
    }

    /** The code that fits a status best, for answers that carry none. */
    public static ErrorCode codeFor(int status) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.httpStatus() == status) {
                return code;
            }
        }
        return status >= 500 ? ErrorCode.INTERNAL_SERVER : ErrorCode.BAD_PARAMETERS;
    }
}
