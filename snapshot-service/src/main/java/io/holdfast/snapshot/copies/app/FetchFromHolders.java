package io.holdfast.snapshot.copies.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.role.NodeRole;
import io.holdfast.snapshot.copies.Wanted;
import io.holdfast.snapshot.store.ArchiveStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gets an archive that is not on this node from one that has it, while somebody waits for it. */
@ApplicationScoped
public class FetchFromHolders {

    private final NodeRole role;
    private final FindHolders holders;
    private final FetchArchive fetch;
    private final ArchiveStore store;
    private final KeepCopies copies;

    FetchFromHolders(NodeRole role, FindHolders holders, FetchArchive fetch, ArchiveStore store, KeepCopies copies) {
        this.role = role;
        this.holders = holders;
        this.fetch = fetch;
        this.store = store;
        this.copies = copies;
    }

    /** @throws ManagerException {@code not_found_error} if no node that answers has it; the text names those that were asked */
    public Path fetch(Wanted wanted) {
        List<String> failures = new ArrayList<>();
        if (role.isClustered()) {
            for (URI from : holders.of(wanted.name(), copies.node())) {
                try {
                    fetch.fetch(from, wanted);
                    return store.find(wanted.tenantName(), wanted.snapshotId())
                            .orElseThrow(() -> new IOException("it was deleted meanwhile"));
                } catch (IOException e) {
                    failures.add(from + ": " + e.getMessage());
                }
            }
        }
        throw new ManagerException(
                ErrorCode.NOT_FOUND,
                "the archive of snapshot `" + wanted.snapshotId() + "` is not in the archive store of this node"
                        + (failures.isEmpty() ? "" : ", and no other node gave it: " + String.join("; ", failures)),
                role.isClustered()
                        ? "start the nodes that have it, or upload the archive again"
                        : "it lies where it was made; upload the archive again");
    }
}
