package io.holdfast.workflow.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way out. Its body is kept without tokens; {@link #bodyWith} is what goes on the wire.
 *
 * @param dispatchToken the dispatch that it is about; null where the body needs no token
 */
public record Letter(
        Kind kind,
        String tenantName,
        String executionId,
        @Nullable String dispatchToken,
        Map<String, Object> body) {

    /** Names on the wire. Source: scheduler.md, section 1.3. */
    public enum Kind {
        /** Run this. */
        START("cloudify.management", "workflow", List.of("cloudify_task", "kwargs", "__cloudify_context")),
        /** Kill this, to every worker there is. */
        CANCEL("cloudify-mgmtworker-service", "service", List.of("service_task", "kwargs")),
        /** This happened. */
        HOOK("cloudify-events-topic", "events.hooks", List.of());

        private final String exchange;
        private final String routingKey;
        private final List<String> whereTokensGo;

        Kind(String exchange, String routingKey, List<String> whereTokensGo) {
            this.exchange = exchange;
            this.routingKey = routingKey;
            this.whereTokensGo = whereTokensGo;
        }

        public String exchange() {
            return exchange;
        }

        public String routingKey() {
            return routingKey;
        }

        /** As it is stored. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * The body with the execution's token in both of its places: newer workers show {@code execution_token}, older ones
     * {@code rest_token}. Neither gets a user's token.
     */
    public Map<String, Object> bodyWith(String executionToken) {
        return kind.whereTokensGo.isEmpty() ? body : with(body, kind.whereTokensGo, executionToken);
    }

    private static Map<String, Object> with(Map<?, ?> map, List<String> path, String executionToken) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        if (path.isEmpty()) {
            copy.put("execution_token", executionToken);
            copy.put("rest_token", executionToken);
            return copy;
        }
        if (!(copy.get(path.get(0)) instanceof Map<?, ?> inner)) {
            throw new IllegalStateException("a letter without " + path.get(0));
        }
        copy.put(path.get(0), with(inner, path.subList(1, path.size()), executionToken));
        return copy;
    }
}
