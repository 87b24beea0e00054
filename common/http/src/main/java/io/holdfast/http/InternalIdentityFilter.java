package io.holdfast.http;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses every request below {@code /internal/} that is not signed by one who knows the installation's key, before it is matched: an
 * unsigned caller cannot even learn which resources there are.
 */
@ApplicationScoped
public class InternalIdentityFilter {

    private static final String INTERNAL = "/internal";

    private final IdentitySigner signer;
    private final CurrentCaller caller;

    public InternalIdentityFilter(IdentitySigner signer, CurrentCaller caller) {
        this.signer = signer;
        this.caller = caller;
    }

    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION)
    public void verify(RoutingContext context) {
        String rawPath = context.request().path();
        // Resources are matched by the normalised path: looking at the raw one alone would let `//internal` and
        // `/%69nternal` through.
        if (!isInternal(rawPath) && !isInternal(context.normalizedPath())) {
            return;
        }
        Optional<CallerIdentity> verified = signer.verify(
                context.request().getHeader(IdentitySigner.IDENTITY_HEADER),
                context.request().getHeader(IdentitySigner.SIGNATURE_HEADER),
                context.request().method().name(),
                rawPath);
        caller.set(verified.orElseThrow(() -> new ManagerException(
                ErrorCode.UNAUTHORIZED,
                "internal request without a valid " + IdentitySigner.SIGNATURE_HEADER,
                "all services need the same HOLDFAST_SECRET_KEY and clocks that agree within "
                        + IdentitySigner.MAX_AGE.toMinutes() + " minutes; clients call the gateway")));
    }

    private static boolean isInternal(String path) {
        return path.equals(INTERNAL) || path.startsWith(INTERNAL + "/");
    }
}
