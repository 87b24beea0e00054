package io.holdfast.restore.cloudify;

import io.holdfast.archive.cloudify.Blob;
import io.holdfast.archive.cloudify.Entity;
import io.holdfast.archive.cloudify.Item;
import io.holdfast.archive.cloudify.PluginArchive;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plugins: the archive carries five fields of a plugin; all others are in its wagon and its yaml file. */
final class PluginMapping {

    private static final StateTable PLUGINS = StateTable.of(
            "inventory",
            "plugins",
            "tenant_name",
            "id",
            "title",
            "archive_name",
            "package_name",
            "package_version",
            "package_source",
            "distribution",
            "distribution_version",
            "distribution_release",
            "supported_platform",
            "supported_py_versions",
            "wheels",
            "excluded_wheels",
            "blueprint_labels",
            "labels",
            "resource_tags",
            "yaml_files",
            "archive_sha256",
            "wagon_sha256",
            "visibility",
            "created_by",
            "uploaded_at");

    /** What the archive's file tells. */
    private record Facts(
            @Nullable Item packageJson,
            @Nullable Item yaml,
            List<String> yamlFiles,
            @Nullable String archiveSha256,
            @Nullable String wagonSha256) {

        static final Facts NONE = new Facts(null, null, List.of(), null, null);

        @Nullable
        String text(String field) {
            return packageJson == null ? null : packageJson.text(field);
        }

        @Nullable
        String json(String field) {
            return packageJson == null ? null : packageJson.json(field);
        }

        @Nullable
        String built(String field) {
            return packageJson == null
                    ? null
                    : packageJson.object("build_server_os_properties").text(field);
        }

        @Nullable
        String described(String field) {
            return yaml == null ? null : yaml.json(field);
        }
    }

    private final Import run;

    PluginMapping(Import run) {
        this.run = run;
    }

    void map(String owner, Entity entity, Item item) {
        String id = item.required("id");
        Facts facts = facts(entity, id);
        String packageName = facts.text("package_name");
        run.row(
                PLUGINS,
                owner,
                id,
                item.has("title") ? item.text("title") : packageName,
                facts.text("archive_name"),
                packageName,
                facts.text("package_version"),
                facts.text("package_source"),
                facts.built("distribution"),
                facts.built("distribution_version"),
                facts.built("distribution_release"),
                facts.json("supported_platform"),
                facts.json("supported_python_versions"),
                facts.json("wheels"),
                facts.json("excluded_wheels"),
                labels(facts, "blueprint_labels", entity),
                labels(facts, "labels", entity),
                facts.described("resource_tags"),
                jsonList(facts.yamlFiles()),
                facts.archiveSha256(),
                facts.wagonSha256(),
                item.text("visibility", "tenant"),
                item.text("created_by"),
                item.instant("uploaded_at"));
    }

    /** What the product would refuse today it may have taken once. */
    private @Nullable String labels(Facts facts, String field, Entity entity) {
        Item yaml = facts.yaml();
        try {
            return yaml == null ? null : PluginArchive.labels(yaml, field);
        } catch (ManagerException e) {
            run.findings().add("plugins whose " + field + " cannot be read, restored without them", entity.title());
            return null;
        }
    }

    private Facts facts(Entity entity, String id) {
        Optional<Blob> blob = run.archive()
                .pluginArchive(Objects.requireNonNull(entity.tenant()), id)
                .filter(file -> !file.isEmpty());
        if (blob.isEmpty()) {
            run.findings().add("plugins without an archive, restored with what is known of them", entity.title());
            return Facts.NONE;
        }
        try {
            return read(blob.get());
        } catch (ManagerException e) {
            if (run.options().ignorePluginFailure()) {
                run.findings()
                        .add("the archive of " + entity.title() + " cannot be used (" + e.detail()
                                + "); the plugin was restored with what is known of it");
                return Facts.NONE;
            }
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the archive of " + entity.title() + " (" + blob.get().path() + ") cannot be used: " + e.detail(),
                    "restore with ignore_plugin_failure to bring the plugin back without its archive",
                    e);
        }
    }

    private Facts read(Blob blob) {
        Path spooled = null;
        try {
            spooled = run.contents().spool(blob);
            try (PluginArchive plugin = PluginArchive.open(spooled);
                    InputStream whole = Files.newInputStream(spooled)) {
                Item packageJson = run.storable(plugin.packageJson(), blob.path());
                Item yaml = run.storable(plugin.yaml(), blob.path());
                String archiveSha256 = run.contents().put(whole);
                try (InputStream wagon = plugin.openWagon()) {
                    return new Facts(
                            packageJson,
                            yaml,
                            plugin.yamlFiles(),
                            archiveSha256,
                            plugin.isBareWagon()
                                    ? archiveSha256
                                    : run.contents().put(wagon));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + blob.path() + " aside", e);
        } finally {
            Contents.delete(spooled);
        }
    }

    private static String jsonList(List<String> names) {
        return names.stream().map(PluginMapping::jsonText).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String jsonText(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\' || c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
