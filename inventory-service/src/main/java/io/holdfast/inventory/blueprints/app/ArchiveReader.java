package io.holdfast.inventory.blueprints.app;

import io.holdfast.inventory.language.BlueprintFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** Knows the formats of blueprint archives. */
public interface ArchiveReader {

    /** What the API accepts. */
    List<String> FORMATS = List.of("zip", "tar", "tar.gz", "tar.bz2");

    /**
     * Recognises an archive by its first bytes. A single YAML file becomes an archive in place.
     *
     * @param mainFile name for a single YAML file
     * @return the file name's extension, one of {@link #FORMATS}
     * @throws io.holdfast.contracts.errors.ManagerException {@code bad_parameters_error} where it is none of them
     */
    String recognise(Path file, String mainFile) throws IOException;

    /**
     * Its files below the one top directory.
     *
     * @throws io.holdfast.contracts.errors.ManagerException {@code invalid_blueprint_error} where it is damaged, too large, has paths
     *     that lead out of it, or not exactly one top directory
     */
    BlueprintFiles read(InputStream archive, String format);
}
