package io.holdfast.gateway.audit;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request made or changed, where its path does not say so.
 *
 * @param refId the thing's id
 * @param tenant the one that the body names, null: the request's
 * @param identifier what identifies the thing beside that, empty for nothing
 */
public record Changed(String refId, @Nullable String tenant, Map<String, String> identifier) {

    /** Under this name whoever carries a request out keeps it in the request's own context. */
    public static final String KEY = "holdfast.audit.changed";

    public Changed {
        Objects.requireNonNull(refId);
        identifier = Map.copyOf(identifier);
    }

    public static Changed of(String refId) {
        return new Changed(refId, null, Map.of());
    }
}
