package io.holdfast.gateway.requests;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.requests.Reply;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is answered with a problem; caught where answers are made. */
public final class RequestRefused extends ManagerException {

    private static final long serialVersionUID = 1L;

    private final transient List<Reply.FieldError> errors;
    private final @Nullable Duration retryAfter;

    public RequestRefused(ErrorCode code, String detail, @Nullable String hint) {
        this(code, detail, hint, List.of(), null);
    }

    private RequestRefused(
            ErrorCode code,
            String detail,
            @Nullable String hint,
            List<Reply.FieldError> errors,
            @Nullable Duration retryAfter) {
        super(code, detail, hint);
        this.errors = List.copyOf(errors);
        this.retryAfter = retryAfter;
    }

    /** The body is not as its schema says. */
    public static RequestRefused invalid(List<Reply.FieldError> errors) {
        Reply.FieldError first = errors.get(0);
        String detail = errors.size() == 1
                ? (first.pointer().isEmpty() ? "the body" : first.pointer()) + " " + first.message()
                : errors.size() + " things are wrong with the body";
        return new RequestRefused(ErrorCode.BAD_PARAMETERS, detail, null, errors, null);
    }

    public static RequestRefused tooMany(Producer producer, Duration retryAfter) {
        return new RequestRefused(
                ErrorCode.RATE_LIMIT,
                "producer `" + producer.clientId() + "` may send " + producer.ratePerSecond() + " requests a second",
                "send the same message again after retry_after_ms",
                List.of(),
                retryAfter);
    }

    /** The problem as it is sent. */
    public static Reply.Refused reply(ManagerException refusal, @Nullable String correlationId) {
        ErrorCode code = refusal.code();
        List<Reply.FieldError> errors = refusal instanceof RequestRefused own ? own.errors : List.of();
        Duration retryAfter = refusal instanceof RequestRefused own ? own.retryAfter : null;
        return new Reply.Refused(
                "urn:holdfast:problem:" + code.wireCode(),
                code.title(),
                code.httpStatus(),
                code.wireCode(),
                printable(refusal.detail()),
                refusal.hint() == null ? null : printable(refusal.hint()),
                errors.isEmpty() ? null : errors,
                correlationId,
                isRetryable(code),
                retryAfter == null ? null : Math.max(1, retryAfter.toMillis()),
                false);
    }

    /** Whether the very same request may succeed later. */
    static boolean isRetryable(ErrorCode code) {
        return code.httpStatus() >= 500 || code == ErrorCode.RATE_LIMIT || code == ErrorCode.EXISTING_RUNNING_EXECUTION;
    }

    /** Refusals quote what was sent; a database takes no U+0000, and nobody's terminal should take the others. */
    public static String printable(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isISOControl(c) && c != '\n' || c >= 0xd800 && c <= 0xdfff ? 0xfffd : c)
                .forEach(printable::appendCodePoint);
        return printable.toString();
    }
}
