package io.holdfast.snapshot.building.rest;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.JsonContent;
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

    private static final int MAX_BODY = 1 << 20;
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
        byte[] bytes = body.readNBytes(MAX_BODY + 1);
        if (bytes.length > MAX_BODY) {
            throw new ManagerException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "the request body has more than " + MAX_BODY + " bytes; expected was a small JSON object",
                    "to upload an archive, PUT it to /snapshots/" + id + "/archive");
        }
        JsonContent.requireIfAny(bytes, type);
        SnapshotFlags flags = SnapshotFlags.read(mapper, bytes);
        Snapshot snapshot =
                request.request(caller.tenant(), id, caller.identity().username(), flags.options());
        reports.report(snapshot, "pending", mapper.convertValue(flags.parameters(id), PARAMETERS));
        builder.wake();
        return Response.status(Response.Status.CREATED)
                .entity(execution(snapshot, flags))
                .build();
    }

    /** The create_snapshot execution, made of what is known here. Source: cloudify-api section 16. */
    private static ObjectNode execution(Snapshot snapshot, SnapshotFlags flags) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("created_at", ApiTime.format(snapshot.createdAt()));
        json.put("visibility", "tenant");
        json.put("id", snapshot.executionId());
        json.putNull("ended_at");
        json.putNull("error");
        json.put("is_system_workflow", true);
        json.set("parameters", flags.parameters(snapshot.id()));
        json.put("status", "pending");
        json.put("workflow_id", "create_snapshot");
        json.putNull("started_at");
        json.putNull("scheduled_for");
        json.put("is_dry_run", false);
        json.put("resume", false);
        json.put("total_operations", 0);
        json.put("finished_operations", 0);
        json.put("allow_custom_parameters", true);
        json.putNull("blueprint_id");
        json.putNull("deployment_display_name");
        json.putNull("deployment_id");
        json.put("status_display", "pending");
        json.put("tenant_name", snapshot.tenantName());
        json.put("created_by", snapshot.createdBy());
        json.put("resource_availability", "tenant");
        json.put("private_resource", false);
        return json;
    }
}
