package io.holdfast.snapshot.copies.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.role.NodeRole;
import io.holdfast.snapshot.copies.Orders;
import io.holdfast.snapshot.copies.Report;
import io.holdfast.snapshot.copies.app.TakeReport;
import io.holdfast.snapshot.store.ArchiveStore;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import org.jboss.resteasy.reactive.PathPart;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** For other nodes' snapshot-services alone. */
@Path("/internal/snapshot/copies")
@Blocking
public class CopiesResource {

    private final TakeReport takeReport;
    private final ArchiveStore store;
    private final NodeRole role;
    private final CurrentCaller caller;

    CopiesResource(TakeReport takeReport, ArchiveStore store, NodeRole role, CurrentCaller caller) {
        this.takeReport = takeReport;
        this.store = store;
        this.role = role;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Orders report(Report report) {
        onlyServices();
        if (!role.isActive()) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "this node is not active in epoch " + role.epoch(),
                    "ask the active one");
        }
        return takeReport.take(report);
    }

    /** From {@code offset} to the end. Also from a node that is not active. */
    @GET
    @Path("archive")
    public Response archive(@RestQuery @Nullable String tenant, @RestQuery @Nullable String id, @RestQuery long offset)
            throws IOException {
        onlyServices();
        if (tenant == null || id == null || offset < 0) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "expected tenant, id, and an offset of at least 0", null);
        }
        java.nio.file.Path file = store.find(tenant, id)
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND, "this node has no archive of snapshot `" + id + "`", null));
        long total = Files.size(file);
        if (offset > total) {
            throw new ManagerException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    "the archive of snapshot `" + id + "` has " + total + " bytes on this node, asked for those from "
                            + offset + " on",
                    null);
        }
        return Response.ok(new PathPart(file, offset, total - offset), MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_LENGTH, total - offset)
                .build();
    }

    private void onlyServices() {
        if (!caller.identity().authMethod().equals(CallerIdentity.INTERNAL)) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "copies are for services, not for " + caller.identity().username(),
                    "download the archive below /snapshots");
        }
    }
}
