package io.holdfast.testsupport.cloudify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes an archive in one of Cloudify's layouts, without directory entries. Each {@code dump} is one dump call of the source manager. */
public final class CloudifyArchiveBuilder {

    /** Items in a full document. */
    public static final int CHUNK = 500;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean numbered;
    private final Map<String, Object> metadata = new LinkedHashMap<>(Map.of("snapshot_version", "7.1.0"));
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Map<String, Integer> lastNumber = new HashMap<>();

    private CloudifyArchiveBuilder(boolean numbered) {
        this.numbered = numbered;
    }

    /** Flat, numbered files: Cloudify 7.1. */
    public static CloudifyArchiveBuilder numbered() {
        return new CloudifyArchiveBuilder(true);
    }

    /** A directory for each type: Cloudify 7.0.0. */
    public static CloudifyArchiveBuilder directories() {
        return new CloudifyArchiveBuilder(false);
    }

    public CloudifyArchiveBuilder metadata(String field, Object value) {
        metadata.put(field, value);
        return this;
    }

    /** Entities of the whole manager. */
    public CloudifyArchiveBuilder management(String type, List<Map<String, Object>> items) {
        return dump(null, type, null, null, items);
    }

    public CloudifyArchiveBuilder dump(String tenant, String type, List<Map<String, Object>> items) {
        return dump(tenant, type, null, null, items);
    }

    /** @param sourceId the deployment or execution that the items belong to */
    public CloudifyArchiveBuilder dump(String tenant, String type, String sourceId, List<Map<String, Object>> items) {
        return dump(tenant, type, null, sourceId, items);
    }

    /** @param source {@code executions} or {@code execution_groups} */
    public CloudifyArchiveBuilder events(
            String tenant, String source, String sourceId, List<Map<String, Object>> items) {
        return dump(tenant, "events", source, sourceId, items);
    }

    /** Any file, in place of one with the same path. */
    public CloudifyArchiveBuilder file(String path, byte[] content) {
        files.put(path, content.clone());
        return this;
    }

    public CloudifyArchiveBuilder file(String path, String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    public CloudifyArchiveBuilder blueprintArchive(String tenant, String id, byte[] content) {
        return file(in(tenant, numbered ? "blueprints/" : "blueprints_archives/") + id + ".tar.gz", content);
    }

    public CloudifyArchiveBuilder pluginArchive(String tenant, String id, byte[] content) {
        return file(in(tenant, numbered ? "plugins/" : "plugins_archives/") + id + ".zip", content);
    }

    public CloudifyArchiveBuilder workDirectory(String tenant, String id, String base64) {
        return file(in(tenant, numbered ? "deployments/" : "deployments_archives/") + id + ".b64zip", base64);
    }

    /** Writes the zip. @return {@code path} */
    public Path writeTo(Path path) {
        try (OutputStream out = Files.newOutputStream(path)) {
            ZipOutputStream zip = new ZipOutputStream(out);
            put(zip, "metadata.json", json(metadata));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                put(zip, file.getKey(), file.getValue());
            }
            zip.finish();
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CloudifyArchiveBuilder dump(
            @Nullable String tenant,
            String type,
            @Nullable String source,
            @Nullable String sourceId,
            List<Map<String, Object>> items) {
        int chunk = numbered || sourceId == null ? CHUNK : Math.max(1, items.size());
        for (int from = 0; from == 0 || from < items.size(); from += chunk) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("type", type);
            if (numbered && source != null) {
                document.put("source", source);
            }
            if (numbered && sourceId != null) {
                document.put("source_id", sourceId);
            }
            document.put("items", items.subList(from, Math.min(items.size(), from + chunk)));
            files.put(path(tenant, type, source, sourceId), json(document));
        }
        return this;
    }

    private String path(@Nullable String tenant, String type, @Nullable String source, @Nullable String sourceId) {
        String part = tenant == null ? "mgmt/" : in(tenant, "");
        if (numbered) {
            return part + String.format("%08d", lastNumber.merge(part, 1, Integer::sum)) + ".json";
        }
        String directory = part + (source == null ? type : source + "_events") + "/";
        return directory + (sourceId != null ? sourceId : lastNumber.merge(directory, 1, Integer::sum) - 1) + ".json";
    }

    private static String in(String tenant, String path) {
        return "tenants/" + tenant + "/" + path;
    }

    private static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
