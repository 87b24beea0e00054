package io.holdfast.gateway.proxy.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.Account;
import io.holdfast.gateway.access.Denials;
import io.holdfast.gateway.access.PermissionStore;
import io.holdfast.gateway.access.Permissions;
import io.holdfast.gateway.authentication.Authenticated;
import io.holdfast.gateway.authentication.PluginErrand;
import io.holdfast.gateway.authentication.app.Authenticate;
import io.holdfast.gateway.maintenance.GateRules;
import io.holdfast.gateway.maintenance.GateSource;
import io.holdfast.gateway.proxy.Admission;
import io.holdfast.gateway.proxy.Admission.Caller;
import io.holdfast.gateway.proxy.Incoming;
import io.holdfast.gateway.routing.ApiPath;
import io.holdfast.gateway.routing.PluginRights;
import io.holdfast.gateway.routing.Route;
import io.holdfast.gateway.routing.RouteMatch;
import io.holdfast.gateway.routing.RouteMatch.Matched;
import io.holdfast.gateway.routing.RouteTable;
import io.holdfast.gateway.routing.TenantRule;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides about one request, in the manager API's order: is there such a URL, does the maintenance gate let it pass, who is it, is
 * there the tenant, may they. Two queries at most; blocking. Where a body names the tenant, the last two are left to the resource.
 */
@ApplicationScoped
public class AdmitRequest {

    private static final Logger LOG = Logger.getLogger(AdmitRequest.class);

    private static final String BYPASS_PERMISSION = "maintenance_mode_set";
    private static final String NO_TEMPLATE = "unknown";

    private final RouteTable routes = RouteTable.shipped();
    private final GateSource gate;
    private final Authenticate authenticate;
    private final PermissionStore permissions;

    public AdmitRequest(GateSource gate, Authenticate authenticate, PermissionStore permissions) {
        this.gate = gate;
        this.authenticate = authenticate;
        this.permissions = permissions;
    }

    /** Never throws: what goes wrong is a refusal, too. */
    public Admission admit(Incoming request) {
        ApiPath.Dialect dialect = ApiPath.dialectOf(request.rawPath());
        ApiPath.Parsed parsed = ApiPath.parse(request.rawPath());
        if (parsed instanceof ApiPath.Refused refused) {
            return unmatched(dialect, ErrorCode.BAD_PARAMETERS, "Invalid URL: " + refused.reason());
        }
        if (!(parsed instanceof ApiPath.Found found)) {
            return unmatched(dialect, ErrorCode.NOT_FOUND, noSuchUrl(request));
        }
        ApiPath path = found.path();
        RouteMatch match = routes.match(request.method(), path);
        if (match instanceof RouteMatch.WrongMethod wrong) {
            return unmatched(
                    path.dialect(),
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "The method " + request.method() + " is not allowed for the requested URL; allowed: "
                            + String.join(
                                    ", ", wrong.allowed().stream().sorted().toList()));
        }
        if (!(match instanceof Matched matched)) {
            return unmatched(path.dialect(), ErrorCode.NOT_FOUND, noSuchUrl(request));
        }
        Attempt attempt = new Attempt(request, path, matched);
        try {
            return attempt.decide();
        } catch (ManagerException e) {
            if (e.code().httpStatus() >= 500) {
                LOG.warnf(e, "a request was not admitted: %s", e.detail());
            }
            return attempt.refuse(e.code(), e.detail(), e.hint(), null);
        }
    }

    private static String noSuchUrl(Incoming request) {
        return "The requested URL " + request.rawPath() + " was not found on the server";
    }

    private static Admission unmatched(ApiPath.Dialect dialect, ErrorCode code, String message) {
        return new Admission.Refused(dialect, NO_TEMPLATE, code, message, null, null, null);
    }

    /** One request on its way through the questions. */
    private final class Attempt {
        private final Incoming request;
        private final ApiPath path;
        private final Matched matched;
        private final Route route;
        private @Nullable Caller caller;

        Attempt(Incoming request, ApiPath path, Matched matched) {
            this.request = request;
            this.path = path;
            this.matched = matched;
            this.route = matched.route();
        }

        Admission decide() {
            Optional<ErrorCode> closed = path.dialect() != ApiPath.Dialect.HOLDFAST
                    ? GateRules.refusal(gate.read(), request.method(), path.segments())
                    : Optional.empty();
            if (closed.isPresent() && !mayBypass()) {
                return refuse(closed.get(), GateRules.MESSAGE, null, GateRules.TRACEBACK);
            }
            if (route.isOpen()) {
                return new Admission.Granted(path.dialect(), route, matched.internalPath(), null);
            }
            String tenant = tenant();
            Authenticated user = authenticate.authenticate(request.credentials(), tenant);
            Permissions table = permissions.current();
            Account account = user.account();
            caller = callerOf(user, tenant, table);
            if (isBeyondConfines(user)) {
                return forbidden(
                        "Authorization failed: the token of a plugin's installation or of a hook is good for that only",
                        null);
            }
            if (!user.tenantExists()) {
                return forbidden(Denials.unknownTenant(tenant), null);
            }
            if (tenant == null && route.tenantRule() == TenantRule.TENANT) {
                return forbidden("Authorization failed: tenant not provided", "send the header `Tenant: <name>`");
            }
            if (route.tenantRule() != TenantRule.BODY && !isPermitted(user, tenant, table)) {
                return forbidden(
                        ManagerException.notPermitted(account.username(), route.permission(), tenant)
                                .detail(),
                        null);
            }
            return new Admission.Granted(path.dialect(), route, matched.internalPath(), caller);
        }

        private boolean mayBypass() {
            if (!request.bypassMaintenance()) {
                return false;
            }
            Authenticated user = authenticate.authenticate(request.credentials(), null);
            return user.errand() == null && permissions.current().permits(user.account(), BYPASS_PERMISSION, null);
        }

        private boolean isBeyondConfines(Authenticated user) {
            PluginErrand errand = user.errand();
            return errand != null && !PluginRights.include(route, path.segments(), errand);
        }

        private @Nullable String tenant() {
            return switch (route.tenantRule()) {
                case PATH -> matched.pathTenant();
                case HEADER_OR_PATH -> request.tenant() == null ? matched.pathTenant() : request.tenant();
                case BODY -> null;
                case TENANT, ANY, OPEN -> request.tenant();
            };
        }

        private boolean isPermitted(Authenticated user, @Nullable String tenant, Permissions table) {
            Account account = user.account();
            String permission = route.permission();
            if (permission == null || table.permits(account, permission, tenant)) {
                return true;
            }
            return request.allTenants()
                    && user.errand() == null
                    && route.readsAllTenants()
                    && table.tenantsVisibleTo(account, permission)
                            .map(visible -> !visible.isEmpty())
                            .orElse(true);
        }

        private Caller callerOf(Authenticated user, @Nullable String tenant, Permissions table) {
            Account account = user.account();
            String permission = route.permission();
            PluginErrand errand = user.errand();
            List<String> visible = errand != null
                    ? List.of(errand.tenantName())
                    : table.tenantsVisibleTo(account, permission == null ? "" : permission)
                            .orElse(null);
            return new Caller(
                    account.username(),
                    account.isAdmin(),
                    tenant,
                    visible,
                    tenant == null ? List.of() : List.copyOf(account.rolesIn(tenant)),
                    user.method(),
                    user.executionId());
        }

        private Admission forbidden(String message, @Nullable String hint) {
            return refuse(ErrorCode.FORBIDDEN, message, hint, null);
        }

        Admission refuse(ErrorCode code, String message, @Nullable String hint, @Nullable String traceback) {
            return new Admission.Refused(path.dialect(), route.template(), code, message, hint, traceback, caller);
        }
    }
}
