package io.holdfast.restore.staging;

import io.holdfast.restore.loading.ArchiveSummary;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.Progress;
import java.nio.file.Path;

/** Builds the staged state. One at a time: whoever calls holds the restore's claim. */
public interface StateStaging {

    /**
     * What the archive says of itself.
     *
     * @throws io.holdfast.contracts.errors.ManagerException INVALID_ARCHIVE if no reader knows it, or it is damaged
     */
    ArchiveSummary inspect(Path archive);

    /**
     * Builds the staged schemas, loads the archive into them, indexes and verifies them. The live state is not touched. After a failure
     * the caller discards.
     *
     * @param restoreId names the database connections, so that those of a dead process can be ended
     * @param phases told of each phase as it begins; what it throws ends the staging
     */
    StagedState stage(String restoreId, Path archive, LoadOptions options, Progress progress, Phases phases);

    /** Drops the staged schemas, if there are any, ending what a dead restore still does in the database. Idempotent. */
    void discard();
}
