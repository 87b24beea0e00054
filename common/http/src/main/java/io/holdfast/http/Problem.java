package io.holdfast.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.holdfast.contracts.errors.ErrorCode;
import org.jspecify.annotations.Nullable;

/** An error answer, RFC 9457 with three members of our own. {@code detail} is what v3.1 clients see as {@code message}. */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @JsonProperty("error_code") String errorCode,
        @Nullable String hint,
        @JsonProperty("correlation_id") @Nullable String correlationId) {

    /** Media type of the answer. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(ErrorCode code, String detail, @Nullable String hint, @Nullable String correlationId) {
        return new Problem(
                "urn:holdfast:problem:" + code.wireCode(),
                code.title(),
                code.httpStatus(),
                detail,
                code.wireCode(),
                hint,
                correlationId);
    }
}
