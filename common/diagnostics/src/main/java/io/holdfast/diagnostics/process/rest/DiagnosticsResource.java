package io.holdfast.diagnostics.process.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.diagnostics.DescribeProcess;
import io.holdfast.diagnostics.ProcessReport;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.arc.All;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The same for each service, also on a node that is not active. Not reachable through the gateway. */
@Path("/internal/diagnostics/{service}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DiagnosticsResource {

    private final List<ServiceSchema> services;
    private final DescribeProcess describe;
    private final CurrentCaller current;
    private final String application;

    public DiagnosticsResource(
            @All List<ServiceSchema> services,
            DescribeProcess describe,
            CurrentCaller current,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "service") String application) {
        this.application = application;
        this.services = services;
        this.describe = describe;
        this.current = current;
    }

    /** @param known processes whose parts the caller has already: services of one JVM tell them once */
    @GET
    public ProcessReport describe(@RestPath String service, @RestQuery @Nullable List<String> known) {
        CallerIdentity caller = current.identity();
        if (!caller.admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + caller.username() + "` is not permitted to read logs and settings",
                    "they are the whole manager's: ask an administrator");
        }
        Optional<ServiceSchema> schema =
                services.stream().filter(one -> one.name().equals(service)).findFirst();
        if (schema.isEmpty() && !runs(application, service)) {
            throw new ManagerException(ErrorCode.NOT_FOUND, "there is no service " + service + " here", null);
        }
        return describe.describe(schema, known);
    }

    /** Not every service has messages. */
    static boolean runs(String application, String service) {
        return application.equals(service + "-service") || !application.endsWith("-service");
    }
}
