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

    private static final String EXECUTION_TOKEN = "execution_token";
    private static final String REST_TOKEN = "rest_token";

    /** Names on the wire. Source: scheduler.md, section 1.3. */
    public enum Kind {
        /** Run this. */
        START("cloudify.management", "workflow", List.of("cloudify_task", "kwargs", "__cloudify_context")),
        /** Kill this, to every worker there is. */
        CANCEL("cloudify-mgmtworker-service", "service", List.of("service_task", "kwargs")),
        /** The same for newer workers, which would refuse an argument that they do not know. */
        CANCEL_LIST("cloudify-mgmtworker-service", "service", List.of("service_task", "kwargs"), List.of(REST_TOKEN)),
        /** This happened. */
        HOOK("cloudify-events-topic", "events.hooks", List.of());

        private final String exchange;
        private final String routingKey;
        private final List<String> whereTokensGo;
        private final List<String> tokenNames;

        Kind(String exchange, String routingKey, List<String> whereTokensGo) {
            this(exchange, routingKey, whereTokensGo, List.of(EXECUTION_TOKEN, REST_TOKEN));
        }

        Kind(String exchange, String routingKey, List<String> whereTokensGo, List<String> tokenNames) {
            this.exchange = exchange;
            this.routingKey = routingKey;
            this.whereTokensGo = whereTokensGo;
            this.tokenNames = tokenNames;
        }

        public String exchange() {
            return exchange;
        }

        public String routingKey() {
            return routingKey;
        }

        /** Kept for nobody: were it published late, it could kill a later run of the same execution. */
        public boolean isKill() {
            return this == CANCEL || this == CANCEL_LIST;
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
     * The body with the execution's token in its places: newer workers show {@code execution_token}, older ones {@code rest_token}.
     * Neither gets a user's token.
     */
    public Map<String, Object> bodyWith(String executionToken) {
        return kind.whereTokensGo.isEmpty() ? body : with(body, kind.whereTokensGo, executionToken);
    }

    private Map<String, Object> with(Map<?, ?> map, List<String> path, String executionToken) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        if (path.isEmpty()) {
            kind.tokenNames.forEach(name -> copy.put(name, executionToken));
            return copy;
        }
        if (!(copy.get(path.get(0)) instanceof Map<?, ?> inner)) {
            throw new IllegalStateException("a letter without " + path.get(0));
        }
        copy.put(path.get(0), with(inner, path.subList(1, path.size()), executionToken));
        return copy;
    }
}
