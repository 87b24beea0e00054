package io.holdfast.snapshot.catalogue.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.app.DeleteSnapshot;
import io.holdfast.snapshot.catalogue.app.MarkSnapshot;
import io.holdfast.snapshot.catalogue.app.ReadSnapshot;
import io.holdfast.snapshot.catalogue.app.RunningRestores;
import io.holdfast.snapshot.catalogue.app.SnapshotList;
import io.holdfast.snapshot.store.ArchiveStore;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Snapshots over HTTP: list, one, status, delete. Source: cloudify-api section 2. */
@Path("/internal/snapshot")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class SnapshotResource {

    private static final Logger LOG = Logger.getLogger(SnapshotResource.class);

    private final SnapshotList list;
    private final ReadSnapshot read;
    private final MarkSnapshot mark;
    private final DeleteSnapshot delete;
    private final RunningRestores restores;
    private final ArchiveStore store;
    private final CurrentCaller caller;

    SnapshotResource(
            SnapshotList list,
            ReadSnapshot read,
            MarkSnapshot mark,
            DeleteSnapshot delete,
            RunningRestores restores,
            ArchiveStore store,
            CurrentCaller caller) {
        this.list = list;
        this.read = read;
        this.mark = mark;
        this.delete = delete;
        this.restores = restores;
        this.store = store;
        this.caller = caller;
    }

    @GET
    @Path("/snapshots")
    public ObjectNode list(@Context UriInfo uri) {
        return list.list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/snapshots/{id}")
    public ObjectNode get(String id, @Context UriInfo uri) {
        ListRequest request = ListRequest.parseGet(uri.getQueryParameters());
        CallerIdentity identity = caller.identity();
        if (identity.tenant() == null && identity.admin()) {
            return SnapshotJson.compatible(read.get(null, id));
        }
        return list.get(id, request, identity).json();
    }

    /** Our own API: with options, archive and progress. */
    @GET
    @Path("/v1/snapshots/{id}")
    public ObjectNode details(String id) {
        return SnapshotJson.full(read.get(caller.identity().tenant(), id));
    }

    @PATCH
    @Path("/snapshots/{id}")
    public JsonNode patch(String id, @Nullable JsonNode body) {
        if (body == null || !body.hasNonNull("status")) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "Missing status in json request body", null);
        }
        mark.mark(
                caller.identity().tenant(),
                id,
                body.get("status").asText(),
                body.path("error").asText(""));
        return NullNode.getInstance();
    }

    @DELETE
    @Path("/snapshots/{id}")
    public ObjectNode delete(String id) {
        CallerIdentity identity = caller.identity();
        if (restores.of(read.get(identity.tenant(), id))) {
            throw DeleteSnapshot.active(id, "restore_snapshot");
        }
        Snapshot deleted = delete.delete(identity.tenant(), id, identity.username());
        try {
            store.delete(deleted.tenantName(), deleted.id());
        } catch (IOException e) {
            LOG.errorf(e, "The archive of the deleted snapshot %s could not be removed", deleted.id());
        }
        return SnapshotJson.compatible(deleted);
    }
}
