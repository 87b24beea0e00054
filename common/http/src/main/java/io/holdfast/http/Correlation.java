package io.holdfast.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request an id, or takes the caller's: it is in every log line of the request (MDC {@value #MDC_KEY}), in the answer and in
 * the calls that the request makes in turn.
 */
@ApplicationScoped
public class Correlation {

    /** Header of requests and answers. */
    public static final String HEADER = "X-Request-ID";

    /** Key in the logging context. */
    public static final String MDC_KEY = "correlationId";

    /** Before everything else that looks at a request, so that refusals carry an id, too. */
    private static final int PRIORITY = 1000;

    /** What we repeat into logs and headers: no line breaks, no novels. */
    private static final Pattern ACCEPTABLE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    void register(@Observes Filters filters) {
        filters.register(Correlation::begin, PRIORITY);
    }

    private static void begin(RoutingContext context) {
        String given = context.request().getHeader(HEADER);
        String id = given != null && ACCEPTABLE.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
        MDC.put(MDC_KEY, id);
        context.response().putHeader(HEADER, id);
        context.next();
    }

    /** The present request's id, or null outside of requests (and where a listener or job has not set one in the MDC). */
    public @Nullable String current() {
        Object id = MDC.get(MDC_KEY);
        return id == null ? null : id.toString();
    }
}
