package io.holdfast.inventory.files.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.Attachment;
import io.holdfast.http.CurrentCaller;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.inventory.content.app.TemporaryFile;
import io.holdfast.inventory.content.rest.Downloads;
import io.holdfast.inventory.files.FilePath;
import io.holdfast.inventory.files.ModificationTime;
import io.holdfast.inventory.files.Place;
import io.holdfast.inventory.files.app.ChangeWorkDirectory;
import io.holdfast.inventory.files.app.ReadBlueprintFiles;
import io.holdfast.inventory.files.app.ReadWorkDirectory;
import io.holdfast.inventory.files.app.Served;
import io.holdfast.inventory.files.app.WorkDirectoryConfig;
import io.holdfast.inventory.plugins.app.Plugins;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/** Source: the manager's file server as {@code cloudify_rest_client}'s {@code resources} uses it. */
@Path("/internal/inventory/resources")
@Blocking
@Produces(MediaType.WILDCARD)
public class FileServerResource {

    private static final String OF_DEPLOYMENT = "/deployments/{tenant}/{id}{path:(/.*)?}";

    private final ReadWorkDirectory read;
    private final ChangeWorkDirectory change;
    private final ReadBlueprintFiles blueprints;
    private final Plugins plugins;
    private final Downloads downloads;
    private final CurrentCaller caller;
    private final long maxBytes;

    public FileServerResource(
            ReadWorkDirectory read,
            ChangeWorkDirectory change,
            ReadBlueprintFiles blueprints,
            Plugins plugins,
            Downloads downloads,
            CurrentCaller caller,
            WorkDirectoryConfig config) {
        this.read = read;
        this.change = change;
        this.blueprints = blueprints;
        this.plugins = plugins;
        this.downloads = downloads;
        this.caller = caller;
        this.maxBytes = config.maxSize().asLongValue();
    }

    @GET
    @Path(OF_DEPLOYMENT)
    public Response get(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            @PathParam("path") String path,
            @Context HttpServerRequest request,
            @QueryParam("archive") @Nullable String archive)
            throws IOException {
        return answer(
                read.read(new Place(tenant, id), below(path, request), flag("archive", archive), caller.identity()));
    }

    /** A form with a file of any name, whatever that says of its path, and perhaps its time. */
    @PUT
    @Path(OF_DEPLOYMENT)
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public Response putForm(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            @PathParam("path") String path,
            @Context HttpServerRequest request,
            @QueryParam("extract") @Nullable String extract,
            @RestForm("mtime") @Nullable String modifiedAt,
            @RestForm(FileUpload.ALL) List<FileUpload> files) {
        if (files.size() != 1) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the request has " + files.size() + " files, expected one",
                    "send each file to its own path, or an archive of them with extract=true");
        }
        if (files.get(0).size() > maxBytes) {
            throw UploadLimit.refusal(maxBytes);
        }
        return put(
                new Place(tenant, id),
                below(path, request),
                extract,
                modifiedAt,
                files.get(0).uploadedFile());
    }

    /** The whole body is the file or the archive, whatever its content type says. */
    @PUT
    @Path(OF_DEPLOYMENT)
    @Consumes(MediaType.WILDCARD)
    public Response putBody(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            @PathParam("path") String path,
            @Context HttpServerRequest request,
            @QueryParam("extract") @Nullable String extract,
            InputStream body)
            throws IOException {
        try (TemporaryFile file = TemporaryFile.of("upload")) {
            try (OutputStream out = Files.newOutputStream(file.path())) {
                byte[] buffer = new byte[64 * 1024];
                long size = 0;
                for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                    size += count;
                    if (size > maxBytes) {
                        throw UploadLimit.refusal(maxBytes);
                    }
                    out.write(buffer, 0, count);
                }
            }
            return put(new Place(tenant, id), below(path, request), extract, null, file.path());
        }
    }

    private Response put(
            Place place, String path, @Nullable String extract, @Nullable String modifiedAt, java.nio.file.Path file) {
        if (flag("extract", extract)) {
            // As the manager does: beside the path, which is in the directory itself if it ends with a slash.
            String directory = path.substring(0, path.lastIndexOf('/') + 1);
            return answer(change.extract(place, checked(directory), file, caller.identity()));
        }
        Instant time = modifiedAt == null || modifiedAt.isBlank() ? null : ModificationTime.parse(modifiedAt);
        return answer(change.put(place, new FilePath(path), file, time, caller.identity()));
    }

    private static String checked(String directory) {
        return directory.isEmpty()
                ? directory
                : new FilePath(directory.substring(0, directory.length() - 1)).asDirectory();
    }

    @DELETE
    @Path(OF_DEPLOYMENT)
    public void delete(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            @PathParam("path") String path,
            @Context HttpServerRequest request) {
        change.remove(new Place(tenant, id), below(path, request), caller.identity());
    }

    @GET
    @Path("/blueprints/{tenant}/{id}{path:(/.*)?}")
    public Response blueprintFile(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            @PathParam("path") String path,
            @Context HttpServerRequest request)
            throws IOException {
        return answer(blueprints.read(new Place(tenant, id), below(path, request), caller.identity()));
    }

    @GET
    @Path("/uploaded-blueprints/{tenant}/{id}{path:(/.*)?}")
    public Response blueprintArchive(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            @PathParam("path") String path,
            @Context HttpServerRequest request) {
        return downloads.answer(blueprints.archive(new Place(tenant, id), below(path, request), caller.identity()));
    }

    /** The wagon or the first yaml file, each by the name that the plugin's own fields tell. */
    @GET
    @Path("/plugins/{id}/{name}")
    public Response pluginFile(@PathParam("id") String id, @PathParam("name") String name) {
        Download wagon = plugins.archive(id, false, caller.identity());
        if (wagon.filename().equals(name)) {
            return downloads.answer(wagon);
        }
        if (name.endsWith(".yaml")) {
            Optional<Plugins.File> yaml = plugins.yamlNamed(id, name, caller.identity());
            if (yaml.isPresent()) {
                return Response.ok(yaml.get().bytes(), MediaType.APPLICATION_OCTET_STREAM_TYPE)
                        .header(HttpHeaders.CONTENT_DISPOSITION, Attachment.named(name))
                        .build();
            }
        }
        throw new ManagerException(
                ErrorCode.NOT_FOUND,
                "`" + name + "` is not there; the wagon of plugin `" + id + "` is `" + wagon.filename() + "`",
                "its yaml files are in `yaml_files_paths` of GET /plugins/" + id);
    }

    /** Without the slash before it, and with the one behind it, which the framework takes away. */
    private static String below(String path, HttpServerRequest request) {
        String below = path.startsWith("/") ? path.substring(1) : path;
        return !below.isEmpty() && request.path().endsWith("/") ? below + "/" : below;
    }

    private static boolean flag(String name, @Nullable String value) {
        return switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
            case "", "false", "no", "0" -> false;
            case "true", "yes", "1" -> true;
            default ->
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS, name + " is `" + value + "`, expected true or false", null);
        };
    }

    private static Response answer(Served served) throws IOException {
        if (served instanceof Served.Index index) {
            return answer(index.files());
        }
        try (Served.File file = (Served.File) served) {
            // Whoever has it open reads on; its name is gone.
            long size = Files.size(file.bytes().path());
            InputStream bytes = Files.newInputStream(file.bytes().path());
            return Response.ok(bytes, MediaType.APPLICATION_OCTET_STREAM_TYPE)
                    .header(HttpHeaders.CONTENT_LENGTH, size)
                    .header(HttpHeaders.CONTENT_DISPOSITION, Attachment.named(file.name()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .build();
        }
    }

    private static Response answer(Map<String, Instant> files) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        files.forEach((path, time) -> json.put(path, ModificationTime.text(time)));
        return Response.ok(json, MediaType.APPLICATION_JSON_TYPE).build();
    }
}
