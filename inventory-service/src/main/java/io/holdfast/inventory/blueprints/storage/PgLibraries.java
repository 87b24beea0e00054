package io.holdfast.inventory.blueprints.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.app.ArchiveReader;
import io.holdfast.inventory.blueprints.app.BlueprintRecords;
import io.holdfast.inventory.blueprints.app.Libraries;
import io.holdfast.inventory.blueprints.app.UploadBlueprint;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.language.Library;
import io.holdfast.inventory.plugins.app.Plugins;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The plugins and blueprints that a caller sees. */
@Singleton
class PgLibraries implements Libraries {

    private final Statements statements;
    private final Plugins plugins;
    private final BlueprintRecords blueprints;
    private final ContentLibrary content;
    private final ArchiveReader archives;

    PgLibraries(
            @DataSource("inventory") AgroalDataSource dataSource,
            Plugins plugins,
            BlueprintRecords blueprints,
            ContentLibrary content,
            ArchiveReader archives) {
        this.statements = new Statements(dataSource);
        this.plugins = plugins;
        this.blueprints = blueprints;
        this.content = content;
        this.archives = archives;
    }

    @Override
    public Library of(CallerIdentity caller) {
        return new Library() {
            @Override
            public Optional<PluginFile> plugin(String packageName, Map<String, String> query, String language) {
                return newest(packageName, query, language, caller);
            }

            @Override
            public Optional<OtherBlueprint> blueprint(String id) {
                return uploaded(id, caller);
            }
        };
    }

    private record Known(String id, String version) {}

    private Optional<Library.PluginFile> newest(
            String packageName, Map<String, String> query, String language, CallerIdentity caller) {
        @Nullable String distribution = query.get("distribution");
        VersionRange wanted = VersionRange.of(query.get("version"));
        List<Known> known = statements.query(
                """
                SELECT id, coalesce(package_version, '') FROM inventory.plugins
                WHERE package_name = ?
                  AND (visibility = 'global' OR tenant_name = ? AND (visibility <> 'private' OR ? OR created_by = ?))
                  AND (?::text IS NULL OR lower(distribution) = lower(?)) AND jsonb_array_length(yaml_files) > 0""",
                row -> new Known(row.getString(1), row.getString(2)),
                packageName,
                caller.tenant(),
                caller.seesPrivate(),
                caller.username(),
                distribution,
                distribution);
        return known.stream()
                .filter(plugin -> wanted.contains(plugin.version()))
                .max(Comparator.comparing(Known::version, VersionRange.ORDER))
                .map(plugin -> new Library.PluginFile(
                        packageName + " " + plugin.version(),
                        plugins.yaml(plugin.id(), language, caller).bytes()));
    }

    private Optional<Library.OtherBlueprint> uploaded(String id, CallerIdentity caller) {
        return blueprints
                .find(id, caller)
                .filter(blueprint -> "uploaded".equals(blueprint.state()) && blueprint.archiveSha256() != null)
                .flatMap(blueprint -> content.find(String.valueOf(blueprint.archiveSha256()))
                        .map(archive -> other(blueprint, archive)));
    }

    private Library.OtherBlueprint other(BlueprintRecords.Stored blueprint, ContentLibrary.Content archive) {
        String name = String.valueOf(blueprint.archiveName());
        String format = ArchiveReader.FORMATS.stream()
                .filter(known -> name.endsWith("." + known))
                .max(Comparator.comparingInt(String::length))
                .orElse("tar.gz");
        try (InputStream in = content.open(archive)) {
            String mainFile = blueprint.mainFile();
            return new Library.OtherBlueprint(
                    archives.read(in, format), mainFile == null ? UploadBlueprint.MAIN_FILE : mainFile);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive of blueprint " + blueprint.id(), e);
        }
    }
}
