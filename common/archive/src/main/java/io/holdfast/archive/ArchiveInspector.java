package io.holdfast.archive;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells whose archive a file is, and what is in it at a glance. Reads names and small documents only, no data. */
public final class ArchiveInspector {

    private ArchiveInspector() {}

    /**
     * @return the layout and a summary; {@link ArchiveLayout#UNKNOWN} for a sound Zip file with a {@code metadata.json} that no product
     *     we know writes
     * @throws ManagerException INVALID_ARCHIVE if it is no Zip file that can be trusted, has no metadata.json, or is ours but damaged or
     *     of a newer format
     */
    public static ArchiveSummary inspect(Path file) {
        return inspect(file, ArchiveLimits.DEFAULT);
    }

    /** As {@link #inspect(Path)}. */
    public static ArchiveSummary inspect(Path file, ArchiveLimits limits) {
        try (SafeZip zip = SafeZip.open(file, limits)) {
            JsonNode metadata = metadata(zip);
            ArchiveLayout layout = layout(zip, metadata);
            if (layout != ArchiveLayout.NATIVE) {
                return foreign(zip, layout, metadata);
            }
        }
        try (ArchiveReader reader = ArchiveReader.open(file, limits)) {
            return ours(reader);
        }
    }

    /** As {@link #inspect(Path)}, and refuses what no product we know has written. For uploads. */
    public static ArchiveSummary requireKnown(Path file) {
        ArchiveSummary summary = inspect(file);
        if (summary.layout() == ArchiveLayout.UNKNOWN) {
            throw Refusals.invalid(
                    "the Zip file has a metadata.json, but neither Holdfast's nor Cloudify's files",
                    "upload the .zip file that `snapshots download` made");
        }
        return summary;
    }

    /** Whose archive {@code zip} is, by the rules in {@code docs/archive-format.md}. */
    public static ArchiveLayout layout(SafeZip zip) {
        return layout(zip, metadata(zip));
    }

    private static ArchiveLayout layout(SafeZip zip, JsonNode metadata) {
        if (metadata.has("product") || metadata.has("formatVersion")) {
            return metadata.path("product").asText("").equals(ArchiveNames.PRODUCT)
                    ? ArchiveLayout.NATIVE
                    : ArchiveLayout.UNKNOWN;
        }
        if (metadata.has("has_cloudify_events") || zip.contains("es_data") && !zip.contains("pg_data")) {
            return ArchiveLayout.CLOUDIFY_3;
        }
        if (zip.contains("pg_data")
                || metadata.has("schema_revision")
                        && metadata.has("stage_schema_revision")
                        && metadata.has("composer_schema_revision")) {
            return ArchiveLayout.CLOUDIFY_LEGACY;
        }
        if (!metadata.has("snapshot_version")) {
            return ArchiveLayout.UNKNOWN;
        }
        if (zip.names().stream().anyMatch(name -> name.matches("(mgmt|tenants/[^/]+)/[0-9]+\\.json"))) {
            return ArchiveLayout.CLOUDIFY_N1;
        }
        if (zip.names().stream().anyMatch(name -> name.matches("(mgmt|tenants/[^/]+)/[a-z_]+/[^/]+\\.json"))) {
            return ArchiveLayout.CLOUDIFY_N0;
        }
        return ArchiveLayout.UNKNOWN;
    }

    private static JsonNode metadata(SafeZip zip) {
        if (!zip.contains(ArchiveNames.METADATA)) {
            throw Refusals.invalid(
                    "the Zip file has no " + ArchiveNames.METADATA + "; it is not a snapshot archive",
                    "upload the .zip file that `snapshots download` made");
        }
        try {
            JsonNode json = ArchiveJson.MAPPER.readTree(zip.read(ArchiveNames.METADATA));
            if (json == null || !json.isObject()) {
                throw Refusals.invalid("metadata.json is no JSON object; it is not a snapshot archive", null);
            }
            return json;
        } catch (JacksonException e) {
            throw Refusals.invalid("metadata.json is no JSON: " + e.getOriginalMessage(), null, e);
        } catch (IOException e) {
            throw Refusals.damaged("metadata.json cannot be read: " + e.getMessage(), e);
        }
    }

    private static ArchiveSummary ours(ArchiveReader reader) {
        ArchiveMetadata metadata = reader.metadata();
        Map<String, Long> contents = new LinkedHashMap<>();
        for (ArchiveManifest.Table table : reader.manifest().tables()) {
            if (table.rows() > 0) {
                contents.put(table.qualifiedName(), table.rows());
            }
        }
        contents.put("files", (long) reader.contents().size());
        return new ArchiveSummary(
                ArchiveLayout.NATIVE,
                Integer.toString(metadata.formatVersion()),
                metadata.createdAt(),
                metadata.executionId(),
                metadata.tenants(),
                reader.archiveBytes(),
                reader.manifest().rawBytes(),
                reader.manifest().entries().size() + 1,
                contents,
                metadata);
    }

    private static ArchiveSummary foreign(SafeZip zip, ArchiveLayout layout, JsonNode metadata) {
        TreeSet<String> tenants = new TreeSet<>();
        Map<String, Long> contents = new TreeMap<>();
        zip.directories().forEach(name -> addTenant(name, tenants));
        for (String name : zip.names()) {
            addTenant(name, tenants);
            int slash = name.indexOf('/');
            contents.merge(slash < 0 ? name : name.substring(0, slash + 1), 1L, Long::sum);
        }
        return new ArchiveSummary(
                layout,
                text(metadata, "snapshot_version"),
                null,
                text(metadata, "execution_id"),
                List.copyOf(tenants),
                zip.fileBytes(),
                zip.rawBytes(),
                zip.names().size(),
                contents,
                null);
    }

    private static void addTenant(String name, TreeSet<String> tenants) {
        String[] segments = name.split("/", 3);
        if (segments.length > 2 && segments[0].equals("tenants")) {
            tenants.add(segments[1]);
        }
    }

    private static @Nullable String text(JsonNode json, String field) {
        return json.hasNonNull(field) ? json.get(field).asText() : null;
    }
}
