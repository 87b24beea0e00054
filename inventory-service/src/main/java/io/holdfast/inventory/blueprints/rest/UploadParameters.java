package io.holdfast.inventory.blueprints.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.inventory.blueprints.app.UploadBlueprint;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.labels.rest.LabelsInBody;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.rest.JsonBody;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes with an archive: as JSON in the multipart request's {@code params}, or in the query. Source: cloudify-api section 6. */
record UploadParameters(
        Visibility visibility,
        boolean asynchronous,
        boolean withoutExecution,
        String mainFile,
        List<Label> labels,
        @Nullable String createdBy,
        @Nullable String createdAt,
        @Nullable String url) {

    static UploadParameters of(JsonBody body) {
        String visibility = body.text("visibility");
        if (visibility == null && body.flag("private_resource", false)) {
            visibility = Visibility.PRIVATE.wireName();
        }
        return new UploadParameters(
                Visibility.of(visibility),
                body.flag("async_upload", false),
                body.flag("skip_execution", false),
                mainFile(body.text("application_file_name")),
                labels(body.fields().get("labels")),
                body.text("created_by"),
                body.text("created_at"),
                body.text("blueprint_archive_url"));
    }

    static UploadParameters of(MultivaluedMap<String, String> query, ObjectMapper mapper) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (String name : List.of(
                "visibility",
                "private_resource",
                "async_upload",
                "skip_execution",
                "application_file_name",
                "created_by",
                "created_at",
                "blueprint_archive_url")) {
            String value = query.getFirst(name);
            if (value != null) {
                fields.put(name, value);
            }
        }
        String labels = query.getFirst("labels");
        if (labels != null && labels.startsWith("[")) {
            fields.set(
                    "labels",
                    JsonBody.parse(mapper, "{\"labels\": " + labels + "}", "labels")
                            .list("labels"));
        } else if (labels != null) {
            fields.put("labels", labels);
        }
        return of(new JsonBody(fields));
    }

    /** A list as everywhere, or {@code key=value,key=value}, as clients of 6.x send them in the query. */
    private static List<Label> labels(@Nullable JsonNode labels) {
        if (labels == null || !labels.isTextual()) {
            return LabelsInBody.of(labels);
        }
        return labels.asText().isEmpty() ? List.of() : LabelsInBody.ofText(labels.asText());
    }

    private static String mainFile(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return UploadBlueprint.MAIN_FILE;
        }
        String name;
        try {
            name = URLDecoder.decode(given.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            name = given; // A percent sign that quotes nothing.
        }
        if (name.startsWith("/") || List.of(name.split("/")).contains("..")) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "application_file_name is `" + name + "`, expected a path inside of the archive",
                    null);
        }
        return name;
    }
}
