package io.holdfast.gateway.routing;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the table says of a method and a path. */
public sealed interface RouteMatch {

    /**
     * There is such a thing.
     *
     * @param internalPath where the service has it, encoded, for example {@code /internal/snapshot/snapshots/s1}
     * @param pathTenant the tenant that the path names, where the route's rule asks for it
     */
    record Matched(
            Route route, String internalPath, @Nullable String pathTenant) implements RouteMatch {
        public Matched {
            Objects.requireNonNull(route);
            Objects.requireNonNull(internalPath);
        }

        static Matched of(Route route, String internalPath, Map<String, String> parameters) {
            String tenant = route.tenantRule().readsPath() ? parameters.get("tenant") : null;
            return new Matched(route, internalPath, tenant);
        }
    }

    /** The URL is known, the method is not. */
    record WrongMethod(Set<String> allowed) implements RouteMatch {
        public WrongMethod {
            allowed = Set.copyOf(allowed);
        }
    }

    /** The URL is not known. */
    record NoSuchUrl() implements RouteMatch {}
}
