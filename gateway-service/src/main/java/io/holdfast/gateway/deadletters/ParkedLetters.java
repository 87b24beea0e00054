package io.holdfast.gateway.deadletters;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parked messages of each service, as that service shows them. */
public interface ParkedLetters {

    /** Short names of all services that there can be. */
    List<String> services();

    /** The first {@code size} that the filter (names of the API to values) leaves, newest first. */
    Page list(String service, Map<String, String> filter, int size);

    /** One, with its payload. */
    Map<String, Object> get(String service, String id);

    /** @param action {@code replay} or {@code discard} */
    Map<String, Object> decide(String service, String id, String action);

    /** How many it was. */
    long decideAll(String service, Map<String, String> filter, String action);

    /** @param unavailable why the service did not answer, or null if it did */
    record Page(
            List<Map<String, Object>> items,
            long total,
            @Nullable String unavailable) {}
}
