package io.holdfast.contracts.requests;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link Request}, one for each message that names a queue of its producer's; where the request asked to follow its
 * execution, {@link Progress} comes after it. Absent fields are not on the wire.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Reply {

    /** Wire name with major version: the message's {@code type}. */
    @JsonIgnore
    String type();

    /** Whether the request was answered before and nothing was done this time. */
    boolean duplicate();

    /** The same answer, given again. */
    Reply again();

    /**
     * It is done, or will be: committed before this was sent.
     *
     * @param status the execution's or snapshot's
     * @param scheduledFor ISO 8601 in UTC
     * @param result what a query found, as the manager API shows it
     */
    record Accepted(
            @JsonProperty("execution_id") @Nullable String executionId,
            @JsonProperty("snapshot_id") @Nullable String snapshotId,
            @JsonProperty("schedule_id") @Nullable String scheduleId,
            @Nullable String status,
            @JsonProperty("scheduled_for") @Nullable String scheduledFor,
            @Nullable Map<String, Object> result,
            boolean duplicate)
            implements Reply {
        public static final String TYPE = "reply.accepted.v1";

        public static Accepted execution(String id, @Nullable String status, @Nullable String scheduledFor) {
            return new Accepted(id, null, null, status, scheduledFor, null, false);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Accepted again() {
            return new Accepted(executionId, snapshotId, scheduleId, status, scheduledFor, result, true);
        }
    }

    /**
     * It was not done: an RFC 9457 problem. {@code code} and {@code status} are those that the same call over REST is answered with.
     *
     * @param errors everything that is wrong with the body, not only the first
     * @param retryable whether the same message may be sent again, under the same message id, and may succeed
     * @param retryAfterMs when, where that is known
     */
    record Refused(
            @JsonProperty("type") String problemType,
            String title,
            int status,
            String code,
            String detail,
            @Nullable String hint,
            @Nullable List<FieldError> errors,
            @JsonProperty("correlation_id") @Nullable String correlationId,
            boolean retryable,
            @JsonProperty("retry_after_ms") @Nullable Long retryAfterMs,
            boolean duplicate)
            implements Reply {
        public static final String TYPE = "reply.refused.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Refused again() {
            return new Refused(
                    problemType,
                    title,
                    status,
                    code,
                    detail,
                    hint,
                    errors,
                    correlationId,
                    retryable,
                    retryAfterMs,
                    true);
        }
    }

    /**
     * How an execution does that a request asked to follow: at most once that it has started, and once how it ended.
     *
     * @param status {@code started}, {@code terminated}, {@code failed} or {@code cancelled}
     * @param at when, ISO 8601 in UTC
     * @param error of one that ended, where there is one
     * @param duplicate never true: it is sent once
     */
    record Progress(
            @JsonProperty("execution_id") String executionId,
            String status,
            String at,
            @Nullable String error,
            boolean duplicate)
            implements Reply {
        public static final String TYPE = "reply.progress.v1";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Progress again() {
            return new Progress(executionId, status, at, error, true);
        }
    }

    /**
     * One thing that is wrong with a body.
     *
     * @param pointer RFC 6901; the empty text is the whole body
     */
    record FieldError(String pointer, String message) {}
}
