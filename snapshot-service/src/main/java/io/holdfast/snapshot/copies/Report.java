package io.holdfast.snapshot.copies;

import java.net.URI;
import java.util.List;
import java.util.Objects;

/**
 * What a node tells the active one about its archives.
 *
 * @param node its name
 * @param url base URL by which others reach its manager
 * @param held archives that it has, whole and verified
 * @param dropped archives of deleted snapshots that it has removed
 */
public record Report(String node, URI url, List<ArchiveName> held, List<ArchiveName> dropped) {
    public Report {
        Objects.requireNonNull(node);
        Objects.requireNonNull(url);
        held = List.copyOf(held);
        dropped = List.copyOf(dropped);
    }
}
