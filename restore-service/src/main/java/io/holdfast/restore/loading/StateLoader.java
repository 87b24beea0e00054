package io.holdfast.restore.loading;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads one family of archives into staged schemas. Implementations hold constant memory whatever the size of the archive, trust
 * nothing in it, and hold no state between calls.
 */
public interface StateLoader {

    /**
     * What the archive says of itself, without reading its rows. Empty if the archive is not of this family at all.
     *
     * @throws io.holdfast.contracts.errors.ManagerException INVALID_ARCHIVE if it is of this family but cannot be restored, with the
     *     reason
     */
    Optional<ArchiveSummary> inspect(Path archive);

    /**
     * Fills the empty tables of {@code target}, which are at {@link ArchiveSummary#stateRevision}. Keys and indexes may be missing while
     * it runs and are built afterwards, so nothing may rest on {@code ON CONFLICT}. Everything that the archive claims (counts, hashes)
     * is checked on the way.
     *
     * <p>Statuses of executions are written as the archive has them, with {@code scheduled_for}: the restore rule comes later and is not
     * the loader's.
     *
     * @throws io.holdfast.contracts.errors.ManagerException INVALID_ARCHIVE with what is wrong and where; whatever is thrown, the staged
     *     schemas are dropped
     */
    LoadReport load(Path archive, StagingTarget target, LoadOptions options, Progress progress);
}
