package io.holdfast.inventory.blueprints.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.blueprints.app.ChangeBlueprint;
import io.holdfast.inventory.blueprints.app.UploadBlueprint;
import io.holdfast.inventory.content.app.RemoteFiles;
import io.holdfast.inventory.content.rest.Downloads;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.labels.rest.LabelsInBody;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.listing.ListRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Source: cloudify-api section 6. */
@Path("/internal/inventory/blueprints")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class BlueprintResource {

    /** What {@code PATCH} sets as it comes. */
    private static final Set<String> TEXTS =
            Set.of("description", "main_file_name", "state", "error", "error_traceback");

    private static final String CREATED_AT = "created_at";

    /** Hundreds of times what an icon needs; it is held in memory. */
    private static final int MAX_ICON_BYTES = 4 << 20;

    /** How a PNG image begins. Source: ISO/IEC 15948, section 5.2. */
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final Set<String> OBJECTS = Set.of("plan", "requirements");

    private final Blueprints blueprints;
    private final UploadBlueprint upload;
    private final ChangeBlueprint change;
    private final RemoteFiles urls;
    private final Directory directory;
    private final Downloads downloads;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;

    public BlueprintResource(
            Blueprints blueprints,
            UploadBlueprint upload,
            ChangeBlueprint change,
            RemoteFiles urls,
            Directory directory,
            Downloads downloads,
            CurrentCaller caller,
            ObjectMapper mapper) {
        this.blueprints = blueprints;
        this.upload = upload;
        this.change = change;
        this.urls = urls;
        this.directory = directory;
        this.downloads = downloads;
        this.caller = caller;
        this.mapper = mapper;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return blueprints
                .list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return blueprints
                .get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @GET
    @Path("/{id}/archive")
    @Produces(MediaType.WILDCARD)
    public Response archive(@PathParam("id") String id) {
        return downloads.answer(blueprints.archive(id, caller.identity()));
    }

    /** The whole body is the archive, whatever its content type says. */
    @PUT
    @Path("/{id}/archive")
    @Consumes(MediaType.WILDCARD)
    public ObjectNode replaceArchive(@PathParam("id") String id, InputStream body) throws IOException {
        caller.tenant();
        UploadBlueprint.Source source = ofBody(body);
        if (source == null) {
            throw bad("Missing application archive in request body");
        }
        change.archive(id, source, caller.identity());
        return present(id);
    }

    /** The whole body is the icon, whatever its content type says; without a body the blueprint loses the one that it has. */
    @PATCH
    @Path("/{id}/icon")
    @Consumes(MediaType.WILDCARD)
    public ObjectNode icon(@PathParam("id") String id, InputStream body) throws IOException {
        present(id);
        byte[] icon = body.readNBytes(MAX_ICON_BYTES + 1);
        if (icon.length > MAX_ICON_BYTES) {
            throw new ManagerException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "the icon has more than " + MAX_ICON_BYTES + " bytes", null);
        }
        if (icon.length > 0 && !Arrays.equals(PNG, 0, PNG.length, icon, 0, Math.min(icon.length, PNG.length))) {
            throw bad("the icon is no PNG image by its first bytes");
        }
        change.icon(id, icon.length == 0 ? null : icon, caller.identity());
        return present(id);
    }

    /** The client's way: the parameters as JSON, the archive as a file of any name. */
    @PUT
    @Path("/{id}")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response uploadForm(
            @PathParam("id") String id,
            @RestForm("params") @Nullable String params,
            @RestForm(FileUpload.ALL) List<FileUpload> files) {
        UploadParameters parameters = ofForm(params);
        return uploaded(request(id, parameters, ofForm(files)), parameters);
    }

    /** With the parameters in the query and the archive as the body, whatever its content type says. */
    @PUT
    @Path("/{id}")
    @Consumes(MediaType.WILDCARD)
    public Response uploadBody(@PathParam("id") String id, @Context UriInfo uri, InputStream body) throws IOException {
        UploadParameters parameters = UploadParameters.of(uri.getQueryParameters(), mapper);
        return uploaded(request(id, parameters, ofBody(body)), parameters);
    }

    @PUT
    @Path("/{id}/validate")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response validateForm(
            @PathParam("id") String id,
            @RestForm("params") @Nullable String params,
            @RestForm(FileUpload.ALL) List<FileUpload> files) {
        return validated(request(id, ofForm(params), ofForm(files)));
    }

    @PUT
    @Path("/{id}/validate")
    @Consumes(MediaType.WILDCARD)
    public Response validateBody(@PathParam("id") String id, @Context UriInfo uri, InputStream body)
            throws IOException {
        return validated(request(id, UploadParameters.of(uri.getQueryParameters(), mapper), ofBody(body)));
    }

    private UploadParameters ofForm(@Nullable String params) {
        return UploadParameters.of(
                params == null || params.isBlank() ? JsonBody.of(null) : JsonBody.parse(mapper, params, "params"));
    }

    private static UploadBlueprint.@Nullable Source ofForm(List<FileUpload> files) {
        if (files.size() > 1) {
            throw bad("the request has " + files.size() + " files, expected one archive");
        }
        return files.isEmpty()
                ? null
                : into -> Files.copy(files.get(0).uploadedFile(), into, StandardCopyOption.REPLACE_EXISTING);
    }

    private static UploadBlueprint.@Nullable Source ofBody(InputStream body) throws IOException {
        PushbackInputStream in = new PushbackInputStream(body, 1);
        int first = in.read();
        if (first < 0) {
            return null;
        }
        in.unread(first);
        return into -> Files.copy(in, into, StandardCopyOption.REPLACE_EXISTING);
    }

    private UploadBlueprint.Request request(
            String id, UploadParameters parameters, UploadBlueprint.@Nullable Source source) {
        caller.tenant();
        ResourceId.check("blueprint_id", id);
        String url = parameters.url();
        if (url != null && source != null) {
            throw bad("Can pass blueprint as only one of: URL via query parameters, multi-form or chunked.");
        }
        if (url == null && source == null) {
            throw bad("Missing application archive in request body or \"blueprint_archive_url\" in query parameters");
        }
        Rights.requireFor(parameters.visibility(), caller.identity());
        Origin origin = Origin.of(parameters.createdBy(), parameters.createdAt(), directory, caller.identity());
        UploadBlueprint.Source from = source;
        CallerIdentity who = caller.identity();
        return new UploadBlueprint.Request(
                id,
                parameters.visibility(),
                parameters.mainFile(),
                parameters.labels(),
                origin.createdBy(),
                origin.createdAt(),
                url,
                from != null ? from : into -> urls.fetch(String.valueOf(url), into, who));
    }

    private Response uploaded(UploadBlueprint.Request request, UploadParameters parameters) {
        if (parameters.withoutExecution()) {
            upload.receiveOnly(request, caller.identity());
        } else if (parameters.asynchronous()) {
            upload.uploadLater(request, caller.identity());
        } else {
            upload.upload(request, caller.identity());
        }
        return Response.status(Response.Status.CREATED)
                .entity(present(request.id()))
                .build();
    }

    private Response validated(UploadBlueprint.Request request) {
        UploadBlueprint.Validated validated = upload.validate(request, caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(ValidatedBlueprint.json(request, validated, caller.identity(), mapper))
                .build();
    }

    private ObjectNode present(String id) {
        return blueprints
                .get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    @PATCH
    @Path("/{id}")
    public ObjectNode patch(@PathParam("id") String id, @Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        if (body.fields().isEmpty()) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Update a blueprint request must include at least one parameter to update",
                    null);
        }
        Set<String> unknown = new TreeSet<>();
        body.fields().fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(TEXTS);
        unknown.removeAll(OBJECTS);
        unknown.removeAll(Set.of("labels", "visibility", "creator", CREATED_AT, "upload_execution"));
        if (!unknown.isEmpty()) {
            throw bad("Unknown parameters: " + String.join(",", unknown));
        }
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        for (String name : TEXTS) {
            if (body.fields().has(name)) {
                fields.put(name, body.text(name));
            }
        }
        for (String name : OBJECTS) {
            ObjectNode object = body.object(name);
            if (object != null) {
                fields.put(name, object.toString().replace("\\u0000", "\\ufffd"));
            }
        }
        if (body.has("upload_execution")) {
            fields.put("upload_execution_id", body.text("upload_execution"));
        }
        boolean details = !fields.isEmpty() && !fields.keySet().equals(Set.of("description"));
        if (details && !caller.identity().admin()) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + caller.identity().username() + "` is not permitted to set "
                            + String.join(", ", fields.keySet()) + " of a blueprint in the tenant `" + caller.tenant()
                            + "`",
                    "users change labels, description and visibility");
        }
        Origin origin = Origin.of(body.text("creator"), body.text(CREATED_AT), directory, caller.identity());
        if (origin.createdBy() != null) {
            fields.put("created_by", origin.createdBy());
        }
        if (origin.createdAt() != null) {
            fields.put(CREATED_AT, origin.createdAt().toString());
        }
        List<Label> labels =
                body.fields().has("labels") ? LabelsInBody.of(body.fields().get("labels")) : null;
        String visibilityText = body.text("visibility");
        Visibility visibility = visibilityText == null ? null : Visibility.of(visibilityText);
        if (visibility != null) {
            Rights.requireFor(visibility, caller.identity());
        }
        change.change(id, fields, labels, visibility, caller.identity());
        return present(id);
    }

    /** For services: which execution uploaded the blueprint, {@code {"id": …}}; null where none is known. */
    @GET
    @Path("/{id}/upload-execution")
    public ObjectNode uploadedBy(@PathParam("id") String id) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", change.uploadedBy(id, caller.identity()).orElse(null));
    }

    /** For services, as {@link #uploadedBy(String)}. */
    @PUT
    @Path("/{id}/upload-execution")
    public void uploadedBy(@PathParam("id") String id, @Nullable JsonNode json) {
        change.uploadedBy(id, JsonBody.of(json).requiredText("id"), caller.identity());
    }

    @PATCH
    @Path("/{id}/set-visibility")
    public ObjectNode setVisibility(@PathParam("id") String id, @Nullable JsonNode json) {
        Visibility visibility = Visibility.ofChange(JsonBody.of(json).requiredText("visibility"));
        Rights.requireFor(visibility, caller.identity());
        change.visibility(id, visibility, caller.identity());
        return present(id);
    }

    @PATCH
    @Path("/{id}/set-global")
    public ObjectNode setGlobal(@PathParam("id") String id) {
        Rights.requireFor(Visibility.GLOBAL, caller.identity());
        change.visibility(id, Visibility.GLOBAL, caller.identity());
        return present(id);
    }

    @DELETE
    @Path("/{id}")
    public void delete(@PathParam("id") String id, @Context UriInfo uri) {
        change.remove(id, ListRequest.flag(uri.getQueryParameters(), "force", false), caller.identity());
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
