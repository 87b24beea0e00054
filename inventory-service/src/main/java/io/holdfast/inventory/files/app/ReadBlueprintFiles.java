package io.holdfast.inventory.files.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.blueprints.app.BlueprintRecords;
import io.holdfast.inventory.blueprints.app.Blueprints;
import io.holdfast.inventory.content.app.ContentLibrary;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.inventory.files.Place;
import io.holdfast.inventory.resources.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the archives of blueprints and the files in them. */
@ApplicationScoped
public class ReadBlueprintFiles {

    /** Plugins that come with a blueprint: a worker asks for a zip of the directory. Source: the existing product. */
    private static final Pattern ZIPPED_PLUGIN = Pattern.compile("(plugins/[^/]+)\\.zip");

    private final BlueprintRecords records;
    private final Blueprints blueprints;
    private final ContentLibrary content;
    private final FileArchives archives;

    ReadBlueprintFiles(BlueprintRecords records, Blueprints blueprints, ContentLibrary content, FileArchives archives) {
        this.records = records;
        this.blueprints = blueprints;
        this.content = content;
        this.archives = archives;
    }

    /** The archive as it was uploaded; {@code not_found_error} where it has another name. @param name with its extension */
    public Download archive(Place place, String name, CallerIdentity caller) {
        Download archive = download(place, caller);
        if (!archive.filename().equals(name)) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "`" + name + "` is not there; the archive of blueprint `" + place.id() + "` is `"
                            + archive.filename() + "`",
                    null);
        }
        return archive;
    }

    /**
     * A file below the archive's top directory, or a directory's index: as {@link ReadWorkDirectory#read}. The directories in
     * {@code plugins} are there as zips, too.
     */
    public Served read(Place place, String path, CallerIdentity caller) {
        String sha256 = download(place, caller).content().sha256();
        try (WorkingCopy copy = WorkingCopy.of(sha256, content)) {
            Path archive = Objects.requireNonNull(copy.path());
            SortedMap<String, Instant> files = archives.indexOfBlueprint(archive);
            if (files.containsKey(path)) {
                return Served.File.of(path, into -> archives.readOfBlueprint(archive, path, into));
            }
            Matcher plugin = ZIPPED_PLUGIN.matcher(path);
            if (plugin.matches()
                    && !Served.below(files, plugin.group(1) + "/").files().isEmpty()) {
                return Served.File.of(path, into -> archives.zipOfBlueprint(archive, plugin.group(1), into));
            }
            String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
            Served.Index index = Served.below(files, prefix);
            if (!prefix.isEmpty() && index.files().isEmpty()) {
                throw new ManagerException(
                        ErrorCode.NOT_FOUND, "`" + path + "` is not in blueprint `" + place.id() + "`", null);
            }
            return index;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the archive of blueprint " + place.id(), e);
        }
    }

    private Download download(Place place, CallerIdentity caller) {
        records.find(place.id(), caller)
                .filter(blueprint -> blueprint.tenant().equals(place.tenant()))
                .orElseThrow(() -> Refusals.notFound("Blueprint", place.id()));
        return blueprints.archive(place.id(), caller);
    }
}
