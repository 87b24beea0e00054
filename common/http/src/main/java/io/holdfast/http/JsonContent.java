package io.holdfast.http;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a body says that it is JSON. Source: cloudify-api section 1.2. */
public final class JsonContent {

    /** What who sends something else is told. */
    static final String REFUSAL = "Content type must be application/json";

    private static final String JSON = "application/json";

    private JsonContent() {}

    /** @param type the header {@code Content-Type}, with its parameters or without; null: there is none */
    public static boolean is(@Nullable String type) {
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON);
    }

    /** For requests that may come without a body, and then with any type. @throws ManagerException 415 */
    public static void requireIfAny(byte @Nullable [] body, @Nullable String type) {
        if (body != null && body.length > 0) {
            require(type);
        }
    }

    /** @throws ManagerException 415 */
    public static void require(@Nullable String type) {
        if (!is(type)) {
            throw new ManagerException(
                    ErrorCode.UNSUPPORTED_CONTENT_TYPE, REFUSAL, "send the header `Content-Type: application/json`");
        }
    }
}
