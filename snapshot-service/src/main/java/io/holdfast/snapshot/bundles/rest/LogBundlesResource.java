package io.holdfast.snapshot.bundles.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.Attachment;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.snapshot.building.rest.JsonRequest;
import io.holdfast.snapshot.building.rest.PendingExecution;
import io.holdfast.snapshot.bundles.BundleExecutions;
import io.holdfast.snapshot.bundles.LogBundle;
import io.holdfast.snapshot.bundles.app.BundleArchives;
import io.holdfast.snapshot.bundles.app.BundleBuilder;
import io.holdfast.snapshot.bundles.app.BundleList;
import io.holdfast.snapshot.bundles.app.BundleSteps;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import org.jboss.resteasy.reactive.PathPart;
import org.jspecify.annotations.Nullable;

/** Log bundles, in the shapes of snapshots. Source: cloudify-api sections 2, 15 and 16. */
@Path("/internal/snapshot/log-bundles")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class LogBundlesResource {

    private final BundleSteps steps;
    private final BundleArchives archives;
    private final BundleList list;
    private final BundleBuilder builder;
    private final BundleExecutions executions;
    private final ObjectMapper mapper;
    private final CurrentCaller caller;

    LogBundlesResource(
            BundleSteps steps,
            BundleArchives archives,
            BundleList list,
            BundleBuilder builder,
            BundleExecutions executions,
            ObjectMapper mapper,
            CurrentCaller caller) {
        this.steps = steps;
        this.archives = archives;
        this.list = list;
        this.builder = builder;
        this.executions = executions;
        this.mapper = mapper;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return list.list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(String id, @Context UriInfo uri) {
        return list.get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    /** {@code queue} is read and changes nothing: a bundle waits for nothing and blocks nothing, so that it is never refused for what runs. */
    @PUT
    @Path("/{id}")
    public Response create(String id, @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String type, InputStream body)
            throws IOException {
        byte[] bytes = JsonRequest.read(body, type, "to upload an archive, PUT it to /log-bundles/" + id + "/archive");
        JsonRequest.flag(JsonRequest.parse(mapper, bytes), "queue", false);
        LogBundle bundle = steps.request(caller.tenant(), id, caller.identity().username());
        executions.report(bundle, "pending");
        builder.wake();
        return Response.status(Response.Status.CREATED)
                .entity(PendingExecution.of(
                        "create_log_bundle",
                        String.valueOf(bundle.executionId()),
                        bundle.tenantName(),
                        bundle.createdBy(),
                        bundle.createdAt(),
                        JsonNodeFactory.instance.objectNode().put("log_bundle_id", id)))
                .build();
    }

    @PATCH
    @Path("/{id}")
    public JsonNode patch(String id, @Nullable JsonNode body) {
        if (body == null || !body.hasNonNull("status")) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "Missing status in json request body", null);
        }
        steps.mark(
                caller.identity().tenant(),
                id,
                body.get("status").asText(),
                body.path("error").asText(""));
        builder.wake();
        return NullNode.getInstance();
    }

    @DELETE
    @Path("/{id}")
    public ObjectNode delete(String id) {
        return LogBundleJson.of(archives.delete(caller.identity().tenant(), id));
    }

    /** With the length, without which the manager's own client cannot read it. */
    @GET
    @Path("/{id}/archive")
    public Response download(String id) throws IOException {
        java.nio.file.Path archive = archives.open(caller.identity().tenant(), id);
        return head(id, archive)
                .entity(new PathPart(archive, 0, Files.size(archive)))
                .build();
    }

    @HEAD
    @Path("/{id}/archive")
    public Response headOf(String id) throws IOException {
        return head(id, archives.open(caller.identity().tenant(), id)).build();
    }

    @PUT
    @Path("/{id}/archive")
    public Response upload(String id, InputStream body) throws IOException {
        LogBundle bundle =
                archives.receive(caller.tenant(), id, caller.identity().username(), body);
        return Response.status(Response.Status.CREATED)
                .entity(LogBundleJson.of(bundle))
                .build();
    }

    private static Response.ResponseBuilder head(String id, java.nio.file.Path archive) throws IOException {
        return Response.ok()
                .type(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, Attachment.named(id + ".zip"))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header(HttpHeaders.CONTENT_LENGTH, Files.size(archive));
    }
}
