package io.holdfast.snapshot.building;

import io.holdfast.archive.ArchiveWriter;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the state as it is at one instant into an archive. */
public interface StateExport {

    /**
     * Blocks until the archive is complete and forced to the disk.
     *
     * @param file must not exist; left half-written when this throws
     * @throws IOException if the state cannot be read or the file not written; the text says which and is for people
     */
    ArchiveWriter.Finished export(Path file, BuildRequest request, BuildProgress progress) throws IOException;
}
