package io.holdfast.snapshot.building.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.archive.ArchiveOptions;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a create request says. Source: cloudify-api section 2. Of these only the three {@code include_…} change anything: an archive is one
 * PostgreSQL snapshot, so there are no listeners to wait for; it is built beside its place, so there is no temporary directory; it blocks
 * nothing, so there is nothing to queue behind; and there is one format, {@code legacy} or not.
 */
record SnapshotFlags(
        ArchiveOptions options,
        boolean queue,
        boolean legacy,
        @Nullable String tempdirPath,
        @Nullable Double listenerTimeout) {

    /** @param body JSON, or nothing for the defaults; its content type does not matter */
    static SnapshotFlags read(ObjectMapper mapper, byte[] body) {
        JsonNode json = JsonRequest.parse(mapper, body);
        return new SnapshotFlags(
                new ArchiveOptions(
                        JsonRequest.flag(json, "include_credentials", true),
                        JsonRequest.flag(json, "include_logs", true),
                        JsonRequest.flag(json, "include_events", true)),
                JsonRequest.flag(json, "queue", false),
                JsonRequest.flag(json, "legacy", false),
                directory(json.path("tempdir_path")),
                timeout(json.path("listener_timeout")));
    }

    /** The execution's parameters. */
    ObjectNode parameters(String snapshotId) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("snapshot_id", snapshotId);
        json.put("include_credentials", options.includeCredentials());
        json.put("include_logs", options.includeLogs());
        json.put("include_events", options.includeEvents());
        json.put("tempdir_path", tempdirPath);
        json.put("legacy", legacy);
        json.put("listener_timeout", listenerTimeout);
        json.putObject("config");
        return json;
    }

    private static @Nullable String directory(JsonNode value) {
        if (value.isMissingNode() || value.isNull() || value.asText("").isEmpty()) {
            return null;
        }
        if (!value.isTextual()) {
            throw bad("tempdir_path parameter is expected to be of type str");
        }
        String path = value.asText();
        if (!isWritableDirectory(path)) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "Temp dir cannot be created inside unwriteable location " + path,
                    "leave tempdir_path out: archives are built in the archive store itself");
        }
        return path;
    }

    private static boolean isWritableDirectory(String path) {
        try {
            return Files.isDirectory(Path.of(path)) && Files.isWritable(Path.of(path));
        } catch (InvalidPathException e) {
            return false; // a name that no file can have
        }
    }

    private static @Nullable Double timeout(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        try {
            if (value.isNumber() || value.isTextual()) {
                return Double.valueOf(value.asText().strip());
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw bad("listener_timeout must a valid floating point number");
    }

    private static ManagerException bad(String text) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, text, null);
    }
}
