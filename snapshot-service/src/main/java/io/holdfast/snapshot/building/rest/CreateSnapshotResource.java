package io.holdfast.snapshot.building.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.http.CurrentCaller;
import io.holdfast.snapshot.building.ExecutionReports;
import io.holdfast.snapshot.building.app.Builder;
import io.holdfast.snapshot.building.app.RequestSnapshot;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** {@code PUT /snapshots/{id}}: asks for a snapshot. Source: cloudify-api section 2. */
@Path("/internal/snapshot")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class CreateSnapshotResource {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> PARAMETERS = new TypeReference<>() {};

    private final RequestSnapshot request;
    private final Builder builder;
    private final ExecutionReports reports;
    private final ObjectMapper mapper;
    private final CurrentCaller caller;

    CreateSnapshotResource(
            RequestSnapshot request,
            Builder builder,
            ExecutionReports reports,
            ObjectMapper mapper,
            CurrentCaller caller) {
        this.request = request;
        this.reports = reports;
        this.builder = builder;
        this.mapper = mapper;
        this.caller = caller;
    }

    /** {@code curl -X PUT …/snapshots/ID}, which has no body, is a request with all defaults. */
    @PUT
    @Path("/snapshots/{id}")
    @Consumes(MediaType.WILDCARD)
    public Response create(String id, @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String type, InputStream body)
            throws IOException {
        byte[] bytes = JsonRequest.read(body, type, "to upload an archive, PUT it to /snapshots/" + id + "/archive");
        SnapshotFlags flags = SnapshotFlags.read(mapper, bytes);
        Snapshot snapshot =
                request.request(caller.tenant(), id, caller.identity().username(), flags.options());
        reports.report(snapshot, "pending", mapper.convertValue(flags.parameters(id), PARAMETERS));
        builder.wake();
        return Response.status(Response.Status.CREATED)
                .entity(PendingExecution.of(
                        "create_snapshot",
                        String.valueOf(snapshot.executionId()),
                        snapshot.tenantName(),
                        snapshot.createdBy(),
                        snapshot.createdAt(),
                        flags.parameters(id)))
                .build();
    }
}
