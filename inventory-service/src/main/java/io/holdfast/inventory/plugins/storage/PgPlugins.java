package io.holdfast.inventory.plugins.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.inventory.plugins.app.Plugins;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

@Singleton
class PgPlugins extends EntityCatalogue implements Plugins {

    /** A plugin's yaml is text that people write. */
    private static final int MAX_YAML_BYTES = 16 * 1024 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Entity ENTITY = Entity.of("Plugin", "inventory.plugins e")
            .texts(
                    "id",
                    "title",
                    "archive_name",
                    "package_name",
                    "package_version",
                    "package_source",
                    "distribution",
                    "distribution_version",
                    "distribution_release")
            .times("uploaded_at")
            // A platform is one text in most packages, and filtered by as such.
            .json("supported_platform", "e.supported_platform")
            .jsons("supported_py_versions", "wheels", "excluded_wheels", "blueprint_labels", "labels", "resource_tags")
            .jsons("installation_state")
            .json("yaml_files_paths", """
                    (SELECT coalesce(jsonb_agg('plugins/' || e.id || '/' || f.name ORDER BY f.place), '[]'::jsonb)
                     FROM jsonb_array_elements_text(e.yaml_files) WITH ORDINALITY AS f(name, place))""")
            .text("yaml_url_path", """
                    ('plugin:' || e.package_name || coalesce('?version=' || e.package_version, '?')
                     || coalesce('&distribution=' || e.distribution, ''))""")
            .hidden("archive", "e.archive_sha256")
            .hidden("wagon", "coalesce(e.wagon_sha256, e.archive_sha256)")
            .hidden("archive_name", "e.archive_name")
            .hidden("yaml", "e.yaml_files::text")
            .owned("e")
            .counted("inventory", "plugins")
            .searchBy("_search", "e.package_name")
            .build();

    private final ContentLibrary library;

    PgPlugins(@DataSource("inventory") AgroalDataSource dataSource, ContentLibrary library) {
        super(dataSource, ENTITY);
        this.library = library;
    }

    @Override
    public Download archive(String id, boolean full, CallerIdentity caller) {
        Row row = row(id, caller);
        String filename = full ? id + ".zip" : row.hidden("archive_name").orElse(id + ".wgn");
        return row.hidden(full ? "archive" : "wagon")
                .flatMap(library::find)
                .map(content -> new Download(filename, content))
                .orElseThrow(() -> Lister.notFound("PluginArchive", id));
    }

    @Override
    public File yaml(String id, @Nullable String dslVersion, CallerIdentity caller) {
        Row row = row(id, caller);
        String name = YamlFiles.choose(yamls(row), dslVersion).orElseThrow(() -> Lister.notFound("PluginYaml", id));
        return yaml(id, row, name);
    }

    @Override
    public Optional<File> yamlNamed(String id, String name, CallerIdentity caller) {
        Row row = row(id, caller);
        return yamls(row).stream()
                .filter(path -> YamlFiles.name(path).equals(name))
                .findFirst()
                .map(path -> yaml(id, row, path));
    }

    private static List<String> yamls(Row row) {
        try {
            return List.of(JSON.readValue(row.hidden("yaml").orElse("[]"), String[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the names of a plugin's yaml files are no list of texts", e);
        }
    }

    private File yaml(String id, Row row, String name) {
        ContentLibrary.Content archive =
                row.hidden("archive").flatMap(library::find).orElseThrow(() -> Lister.notFound("PluginArchive", id));
        try (ZipInputStream zip = new ZipInputStream(library.open(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()
                        && (entry.getName().equals(name) || entry.getName().endsWith("/" + name))) {
                    return new File(YamlFiles.name(name), bounded(zip, name));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the archive of plugin " + id, e);
        }
        throw Lister.notFound("PluginYaml", id);
    }

    private static byte[] bounded(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MAX_YAML_BYTES + 1);
        if (bytes.length > MAX_YAML_BYTES) {
            throw new ManagerException(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    name + " is larger than " + MAX_YAML_BYTES + " bytes",
                    "download the archive instead");
        }
        return bytes;
    }

    private Row row(String id, CallerIdentity caller) {
        return lister().get(ENTITY, id, ListRequest.parseGet(Map.of("_include", List.of("id"))), caller);
    }
}
