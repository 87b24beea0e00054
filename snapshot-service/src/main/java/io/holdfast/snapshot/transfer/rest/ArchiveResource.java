package io.holdfast.snapshot.transfer.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.Attachment;
import io.holdfast.http.CurrentCaller;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.SnapshotIds;
import io.holdfast.snapshot.catalogue.rest.SnapshotJson;
import io.holdfast.snapshot.transfer.ByteRange;
import io.holdfast.snapshot.transfer.UploadUrl;
import io.holdfast.snapshot.transfer.app.OpenArchive;
import io.holdfast.snapshot.transfer.app.ReceiveArchive;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jboss.resteasy.reactive.PathPart;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Archives over HTTP, streamed in both directions. Source: cloudify-api section 2; RFC 9110 sections 13 and 14 for ranges. */
@Path("/internal/snapshot")
@Blocking
public class ArchiveResource {

    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final ReceiveArchive receive;
    private final OpenArchive open;
    private final CurrentCaller caller;
    private final Clock clock;

    ArchiveResource(ReceiveArchive receive, OpenArchive open, CurrentCaller caller, Clock clock) {
        this.receive = receive;
        this.open = open;
        this.caller = caller;
        this.clock = clock;
    }

    /** The body is the archive, whatever its content type says (clients send {@code application/json}), or a URL names it. */
    @PUT
    @Path("/snapshots/{id}/archive")
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response upload(
            String id,
            @RestQuery("snapshot_archive_url") @Nullable String url,
            InputStream body,
            @Context HttpHeaders headers)
            throws IOException {
        Snapshot snapshot;
        PushbackInputStream stream = new PushbackInputStream(body, 1);
        if (url != null && !url.isBlank()) {
            refuseBody(stream);
            snapshot = receive.fetch(caller.tenant(), id, caller.identity().username(), UploadUrl.parse(url));
        } else {
            snapshot =
                    receive.receive(caller.tenant(), id, caller.identity().username(), stream, contentLength(headers));
        }
        return created(SnapshotJson.compatible(snapshot));
    }

    /** As the documents have it: without an id. One is generated; the answer names it. */
    @PUT
    @Path("/snapshots/" + SnapshotIds.RESERVED)
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response uploadWithoutId(@RestQuery("snapshot_archive_url") @Nullable String url, InputStream body)
            throws IOException {
        if (url == null || url.isBlank()) {
            SnapshotIds.validate(SnapshotIds.RESERVED);
        }
        refuseBody(new PushbackInputStream(body, 1));
        String id = "uploaded-" + ID_TIME.format(clock.instant()) + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        Snapshot snapshot = receive.fetch(
                caller.tenant(), id, caller.identity().username(), UploadUrl.parse(url == null ? "" : url));
        return created(SnapshotJson.compatible(snapshot));
    }

    @GET
    @Path("/snapshots/{id}/archive")
    public Response download(String id, @Context HttpHeaders headers) throws IOException {
        OpenArchive.Download download = open.open(caller.identity().tenant(), id);
        long total = download.archive().bytes();
        String etag = etag(download);
        if (matches(headers.getHeaderString(HttpHeaders.IF_NONE_MATCH), etag)) {
            return head(Response.status(Response.Status.NOT_MODIFIED), download).build();
        }
        ByteRange.Asked asked = ByteRange.of(range(headers, etag), total);
        if (asked instanceof ByteRange.Asked.Part part) {
            ByteRange range = part.range();
            return head(Response.status(Response.Status.PARTIAL_CONTENT), download)
                    .header("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + total)
                    .header(HttpHeaders.CONTENT_LENGTH, range.length())
                    .entity(new PathPart(download.file(), range.first(), range.length()))
                    .build();
        }
        if (asked instanceof ByteRange.Asked.Unsatisfiable) {
            throw new ManagerException(
                    ErrorCode.RANGE_NOT_SATISFIABLE,
                    "the range " + headers.getHeaderString("Range") + " is beyond the " + total
                            + " bytes of the archive",
                    "ask for a range that begins before byte " + total);
        }
        return head(Response.ok(), download)
                .header(HttpHeaders.CONTENT_LENGTH, total)
                .entity(new PathPart(download.file(), 0, total))
                .build();
    }

    /** The headers of a download alone: for clients that plan ranges. */
    @HEAD
    @Path("/snapshots/{id}/archive")
    public Response head(String id) throws IOException {
        OpenArchive.Download download = open.open(caller.identity().tenant(), id);
        return head(Response.ok(), download)
                .header(HttpHeaders.CONTENT_LENGTH, download.archive().bytes())
                .build();
    }

    private static Response.ResponseBuilder head(Response.ResponseBuilder response, OpenArchive.Download download) {
        return response.type(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, Attachment.named(download.snapshotId() + ".zip"))
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.ETAG, etag(download))
                .header("Holdfast-Archive-Sha256", download.archive().sha256());
    }

    /** A range only counts if the archive is still the one that the client has a part of. */
    private static Optional<String> range(HttpHeaders headers, String etag) {
        String ifRange = headers.getHeaderString("If-Range");
        boolean same = ifRange == null || ifRange.strip().equals(etag);
        return same ? Optional.ofNullable(headers.getHeaderString("Range")) : Optional.empty();
    }

    private static boolean matches(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String one : ifNoneMatch.split(",")) {
            if (one.strip().equals(etag) || one.strip().equals("*")) {
                return true;
            }
        }
        return false;
    }

    private static String etag(OpenArchive.Download download) {
        return "\"" + download.archive().sha256() + "\"";
    }

    private static void refuseBody(PushbackInputStream body) throws IOException {
        if (body.read() >= 0) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Can pass snapshot as only one of: request body, snapshot_archive_url",
                    "leave out either the body or the query parameter");
        }
    }

    private static long contentLength(HttpHeaders headers) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        return length == null || !length.matches("\\d{1,18}") ? -1 : Long.parseLong(length);
    }

    private static Response created(ObjectNode json) {
        return Response.status(Response.Status.CREATED).entity(json).build();
    }
}
