package io.holdfast.inventory.plugins.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.Attachment;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.Made;
import io.holdfast.inventory.content.app.RemoteFiles;
import io.holdfast.inventory.content.rest.Downloads;
import io.holdfast.inventory.directory.app.Directory;
import io.holdfast.inventory.plugins.app.ChangePlugin;
import io.holdfast.inventory.plugins.app.PluginRecords;
import io.holdfast.inventory.plugins.app.Plugins;
import io.holdfast.inventory.plugins.app.UploadPlugin;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import io.holdfast.inventory.resources.rest.Origin;
import io.holdfast.inventory.resources.rest.Rights;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Source: cloudify-api section 9. */
@Path("/internal/inventory/plugins")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
public class PluginResource {

    private static final List<String> OBJECTS = List.of("blueprint_labels", "labels", "resource_tags");

    private static final int LONGEST_NAME = 256;

    private final Plugins plugins;
    private final UploadPlugin upload;
    private final ChangePlugin change;
    private final RemoteFiles urls;
    private final Directory directory;
    private final Downloads downloads;
    private final CurrentCaller caller;

    public PluginResource(
            Plugins plugins,
            UploadPlugin upload,
            ChangePlugin change,
            RemoteFiles urls,
            Directory directory,
            Downloads downloads,
            CurrentCaller caller) {
        this.plugins = plugins;
        this.upload = upload;
        this.change = change;
        this.urls = urls;
        this.directory = directory;
        this.downloads = downloads;
        this.caller = caller;
    }

    @GET
    public ObjectNode list(@Context UriInfo uri) {
        return plugins.list(ListRequest.parse(uri.getQueryParameters()), caller.identity())
                .toJson();
    }

    @GET
    @Path("/{id}")
    public ObjectNode get(@PathParam("id") String id, @Context UriInfo uri) {
        return plugins.get(id, ListRequest.parseGet(uri.getQueryParameters()), caller.identity())
                .json();
    }

    @GET
    @Path("/{id}/archive")
    @Produces(MediaType.WILDCARD)
    public Response archive(@PathParam("id") String id, @Context UriInfo uri) {
        boolean full = ListRequest.flag(uri.getQueryParameters(), "full_archive", false);
        return downloads.answer(plugins.archive(id, full, caller.identity()));
    }

    @GET
    @Path("/{id}/yaml")
    @Produces(MediaType.WILDCARD)
    public Response yaml(@PathParam("id") String id, @QueryParam("dsl_version") @Nullable String dslVersion) {
        Plugins.File yaml = plugins.yaml(id, dslVersion, caller.identity());
        return Response.ok(yaml.bytes(), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                .header(HttpHeaders.CONTENT_DISPOSITION, Attachment.named(yaml.name()))
                .build();
    }

    /** The archive as a file of any name. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response uploadForm(@Context UriInfo uri, @RestForm(FileUpload.ALL) List<FileUpload> files) {
        if (files.size() > 1) {
            throw bad("the request has " + files.size() + " files, expected one archive");
        }
        return uploaded(
                uri.getQueryParameters(),
                files.isEmpty()
                        ? null
                        : into -> Files.copy(files.get(0).uploadedFile(), into, StandardCopyOption.REPLACE_EXISTING));
    }

    /** The archive as the body, whatever its content type says. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response uploadBody(@Context UriInfo uri, InputStream body) throws IOException {
        PushbackInputStream in = new PushbackInputStream(body, 1);
        int first = in.read();
        if (first >= 0) {
            in.unread(first);
        }
        return uploaded(
                uri.getQueryParameters(),
                first < 0 ? null : into -> Files.copy(in, into, StandardCopyOption.REPLACE_EXISTING));
    }

    private Response uploaded(MultivaluedMap<String, String> query, UploadPlugin.@Nullable Source body) {
        caller.tenant();
        String visibilityText = query.getFirst("visibility");
        boolean isPrivate = visibilityText == null && ListRequest.flag(query, "private_resource", false);
        Visibility visibility = isPrivate ? Visibility.PRIVATE : Visibility.of(visibilityText);
        Rights.requireFor(visibility, caller.identity());
        String id = query.getFirst("id");
        if (id != null) {
            Rights.require("set_plugin_update_details", caller.identity());
            ResourceId.checkCharacters("id", id);
        }
        String title = query.getFirst("title");
        if (title != null && (title.length() > LONGEST_NAME || title.chars().anyMatch(Character::isISOControl))) {
            throw bad("title must have at most " + LONGEST_NAME + " characters, none of them control characters");
        }
        Origin origin =
                Origin.of(query.getFirst("created_by"), query.getFirst("uploaded_at"), directory, caller.identity());
        UploadPlugin.Uploaded made = upload.upload(
                new UploadPlugin.Request(
                        id,
                        title,
                        visibility,
                        origin.createdBy(),
                        origin.createdAt(),
                        source(query.getFirst("plugin_archive_url"), body)),
                caller.identity());
        return Response.status(Response.Status.CREATED)
                .entity(made.caravan() ? list(made.ids()) : present(made.ids().get(0)))
                // A caravan makes several.
                .header(Made.HEADER, made.caravan() ? null : made.ids().get(0))
                .build();
    }

    private ObjectNode list(List<String> ids) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        ids.forEach(id -> items.add(present(id)));
        return Listing.envelope(items, ids.size(), ListRequest.DEFAULT_SIZE, 0);
    }

    private UploadPlugin.Source source(@Nullable String url, UploadPlugin.@Nullable Source body) {
        if (url != null && body != null) {
            throw bad("Can pass plugin as only one of: URL via query parameters, request body, multi-form or chunked.");
        }
        if (url == null && body == null) {
            throw bad("Missing plugin archive in request body or \"plugin_archive_url\" in query parameters");
        }
        CallerIdentity who = caller.identity();
        return body != null ? body : into -> urls.fetch(String.valueOf(url), into, who);
    }

    /** Has it installed on managers and agents. */
    @POST
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode act(@PathParam("id") String id, @Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        String action = body.requiredText("action");
        present(id);
        if (!action.equals("install")) {
            throw new ManagerException(ErrorCode.UNKNOWN_ACTION, action, "there is one action: install");
        }
        List<PluginRecords.Place> places = new ArrayList<>();
        places(body, "managers", false, places);
        places(body, "agents", true, places);
        change.install(id, places, caller.identity());
        return present(id);
    }

    private static void places(JsonBody body, String name, boolean agents, List<PluginRecords.Place> places) {
        JsonNode list = body.listIfGiven(name);
        if (list != null) {
            list.forEach(one -> {
                if (!one.isTextual()) {
                    throw bad(name + " must be a list of names");
                }
                places.add(place(agents, one.asText()));
            });
        }
    }

    private static PluginRecords.Place place(boolean agent, String name) {
        return new PluginRecords.Place(agent, ResourceId.checkCharacters(agent ? "agent" : "manager", name));
    }

    /** A manager or an agent says how far its installation is. */
    @PUT
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode state(@PathParam("id") String id, @Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        String agent = body.textIfGiven("agent");
        String manager = body.textIfGiven("manager");
        String state = body.requiredText("state");
        String error = body.textIfGiven("error");
        if ((agent == null) == (manager == null)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT, "Expected agent or manager, got " + (agent == null ? "none" : "both"), null);
        }
        if (state.isEmpty() || state.length() > LONGEST_NAME) {
            throw bad("state must have 1 to " + LONGEST_NAME + " characters");
        }
        PluginRecords.Place place = agent != null ? place(true, agent) : place(false, String.valueOf(manager));
        change.state(id, place, state, error, caller.identity());
        return present(id);
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode patch(@PathParam("id") String id, @Nullable JsonNode json) {
        JsonBody body = JsonBody.of(json);
        String creator = body.textIfGiven("creator");
        Map<String, String> fields = new LinkedHashMap<>();
        for (String name : OBJECTS) {
            ObjectNode object = body.objectIfGiven(name);
            if (object != null) {
                fields.put(name, object.toString().replace("\\u0000", "\\ufffd"));
            }
        }
        Origin origin = Origin.of(creator, null, directory, caller.identity());
        change.change(id, origin.createdBy(), fields, caller.identity());
        return present(id);
    }

    @PATCH
    @Path("/{id}/set-visibility")
    @Consumes(MediaType.APPLICATION_JSON)
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

    /** With a body, as the API has it: {@code {"force": false}}. */
    @DELETE
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public void delete(@PathParam("id") String id, @Nullable JsonNode json) {
        change.remove(id, JsonBody.of(json).flag("force", false), caller.identity());
    }

    private ObjectNode present(String id) {
        return plugins.get(id, ListRequest.parseGet(Map.of()), caller.identity())
                .json();
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
