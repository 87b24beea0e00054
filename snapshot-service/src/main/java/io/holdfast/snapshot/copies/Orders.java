package io.holdfast.snapshot.copies;

import java.util.List;

/**
 * The active node's answer to a {@link Report}.
 *
 * @param wanted every archive of the catalogue
 * @param drop archives that the node said it has and whose snapshots have been deleted since
 */
public record Orders(List<Wanted> wanted, List<ArchiveName> drop) {
    public Orders {
        wanted = List.copyOf(wanted);
        drop = List.copyOf(drop);
    }
}
