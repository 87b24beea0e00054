package io.holdfast.inventory.files.app;

import io.holdfast.inventory.files.FilePath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Directories as zips. Of a zip that came from elsewhere only files with harmless paths are seen: no links, nothing outside of it. A zip
 * that is null has no files.
 */
public interface FileArchives {

    /** How much a directory may hold. @param maxBytes of all files together, unpacked */
    record Limits(int maxFiles, long maxBytes) {}

    /** Its files with the times of their last changes. */
    SortedMap<String, Instant> index(@Nullable Path zip) throws IOException;

    /** Copies a file of {@link #index} out of it. */
    void read(Path zip, String path, Path into) throws IOException;

    /**
     * A tar.gz of the files whose paths begin with the prefix, which is left out, and of their index.
     *
     * @param prefix empty, or ends with a slash
     */
    void pack(@Nullable Path zip, String prefix, Path into) throws IOException;

    /**
     * Writes a directory with one more file, or another one in its place.
     *
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where a file stands in the place of a directory or the
     *     other way round, {@code payload_too_large_error}
     */
    void put(@Nullable Path zip, FilePath path, Path content, Instant modifiedAt, Limits limits, Path into)
            throws IOException;

    /**
     * As {@link #put}, with all files of an archive: a zip, or a tar as it is or compressed with gzip or bzip2.
     *
     * @param prefix empty, or ends with a slash
     * @return what was put
     * @throws io.holdfast.contracts.errors.ManagerException {@code bad_parameters_error} for what is no such archive, and for links and
     *     paths that lead out of it
     */
    SortedMap<String, Instant> extract(@Nullable Path zip, String prefix, Path archive, Limits limits, Path into)
            throws IOException;

    /**
     * Writes a directory without the file of this path, or without all below it.
     *
     * @return what is left
     */
    SortedMap<String, Instant> remove(Path zip, String path, Path into) throws IOException;

    /** The files of a blueprint's archive below its one top directory. */
    SortedMap<String, Instant> indexOfBlueprint(Path archive) throws IOException;

    /** Copies a file of {@link #indexOfBlueprint} out of it. */
    void readOfBlueprint(Path archive, String path, Path into) throws IOException;

    /**
     * A zip of a directory of a blueprint's archive, with that directory's name before each path, as workers take plugins that come with a
     * blueprint.
     *
     * @param directory below the archive's top directory, with at least one file in it
     */
    void zipOfBlueprint(Path archive, String directory, Path into) throws IOException;
}
