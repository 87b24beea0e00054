package io.holdfast.workflow.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way out. Its body is kept without tokens; {@link #bodyWith} is what goes on the wire.
 *
 * @param subject the execution that it is about, or the plugin
 * @param dispatchToken the dispatch that it is about, whose token goes with it; null where none does
 * @param onBehalfOf the user with whose rights a worker reaches plugins by what it says: their token goes with it; null where none does
 */
public record Letter(
        Kind kind,
        String tenantName,
        String subject,
        @Nullable String dispatchToken,
        @Nullable String onBehalfOf,
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
        /** Install this plugin, to every worker: those whose names are in it do so. */
        INSTALL_PLUGIN(
                "cloudify-mgmtworker-service", "service", List.of("service_task", "kwargs"), List.of(REST_TOKEN)),
        /** Remove it. */
        UNINSTALL_PLUGIN(
                "cloudify-mgmtworker-service", "service", List.of("service_task", "kwargs"), List.of(REST_TOKEN)),
        /** This happened. */
        HOOK("cloudify-events-topic", "events.hooks", List.of("context"), List.of(REST_TOKEN));

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

        /**
         * Whether it is dropped where no worker hears it. A kill that came late could kill a later run of the same execution; and where
         * nobody has a plugin, it need not be removed.
         */
        public boolean isOnlyForThoseWhoAreThere() {
            return this == CANCEL || this == CANCEL_LIST || this == UNINSTALL_PLUGIN;
        }

        /** Whether it waits for a worker to come, where none is there, and holds up no other. */
        public boolean waitsForAWorker() {
            return this == INSTALL_PLUGIN;
        }

        /** As it is stored. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }
    }

    /** The same, with a token of this user's for plugins. */
    public Letter onBehalfOf(@Nullable String username) {
        return new Letter(kind, tenantName, subject, dispatchToken, username, body);
    }

    /**
     * The body with a token in its places, if it is to have one: newer workers show {@code execution_token}, older ones
     * {@code rest_token}. It is never a user's own.
     */
    public Map<String, Object> bodyWith(String token) {
        return dispatchToken == null && onBehalfOf == null ? body : with(body, kind.whereTokensGo, token);
    }

    private Map<String, Object> with(Map<?, ?> map, List<String> path, String token) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        if (path.isEmpty()) {
            kind.tokenNames.forEach(name -> copy.put(name, token));
            return copy;
        }
        if (!(copy.get(path.get(0)) instanceof Map<?, ?> inner)) {
            throw new IllegalStateException("a letter without " + path.get(0));
        }
        copy.put(path.get(0), with(inner, path.subList(1, path.size()), token));
        return copy;
    }
}
