package io.holdfast.gateway.proxy;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.Route;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a request goes on, and as what. */
public sealed interface Admission {

    /** Which API the request belongs to, as far as that is known; errors differ. */
    ApiPath.Dialect dialect();

    /** What metrics count the request under: a template, never a path. */
    String template();

    /**
     * It goes on.
     *
     * @param caller null on routes that need no authentication
     */
    record Granted(
            ApiPath.Dialect dialect,
            Route route,
            String internalPath,
            @Nullable Caller caller) implements Admission {
        public Granted {
            Objects.requireNonNull(route);
            Objects.requireNonNull(internalPath);
        }

        @Override
        public String template() {
            return route.template();
        }
    }

    /** It does not. {@code caller} is there if it got as far as that. */
    record Refused(
            ApiPath.Dialect dialect,
            String template,
            ErrorCode code,
            String message,
            @Nullable String hint,
            @Nullable String traceback,
            @Nullable Caller caller)
            implements Admission {}

    /**
     * Who calls, as services learn it.
     *
     * @param tenant the tenant of the request, null for none
     * @param visibleTenants what a list over all tenants may show; null: everything
     * @param executionId the execution on whose behalf its worker calls; null for everybody else
     */
    record Caller(
            String username,
            boolean admin,
            @Nullable String tenant,
            @Nullable List<String> visibleTenants,
            List<String> tenantRoles,
            String authMethod,
            @Nullable String executionId) {
        public Caller {
            visibleTenants = visibleTenants == null ? null : List.copyOf(visibleTenants);
            tenantRoles = List.copyOf(tenantRoles);
        }
    }
}
