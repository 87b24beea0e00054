package io.holdfast.inventory.files.app;

import io.holdfast.inventory.files.Place;
import org.jspecify.annotations.Nullable;

/** The work directories of deployments: of each a zip in the content library. All of it belongs to the transaction that runs. */
public interface WorkDirectories {

    /** @param sha256 of its zip; null: there are no files */
    record Held(Place place, @Nullable String sha256) {}

    /**
     * Until the end of the transaction the directory stays as it is, and the deployment is there.
     *
     * @throws io.holdfast.contracts.errors.ManagerException {@code not_found_error}
     */
    Held forReading(Place deployment);

    /** As {@link #forReading}, for one at a time: who reads or changes it, too, waits. */
    Held forChanging(Place deployment);

    /** @param sha256 null: there are no files any more */
    void replace(Held former, @Nullable String sha256);
}
