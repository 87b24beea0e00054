package io.holdfast.restore.requests;

import java.nio.file.Path;

/**
 * How restores work here.
 *
 * @param directory where archives are copied to while they are restored
 * @param workers connections that load and index at once
 */
public record RestoreConfig(Path directory, int workers) {

    /** The work file of a restore. */
    public Path workFile(String restoreId) {
        return directory.resolve(restoreId + ".zip");
    }
}
