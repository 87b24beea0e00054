package io.holdfast.snapshot.copies.app;

import io.holdfast.snapshot.copies.ArchiveName;
import io.holdfast.snapshot.copies.Copies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.util.List;

/** Tells which other nodes have an archive. */
@ApplicationScoped
public class FindHolders {

    private final Copies copies;

    FindHolders(Copies copies) {
        this.copies = copies;
    }

    /** @param self this node, which is not among them */
    @Transactional
    public List<URI> of(ArchiveName name, String self) {
        return copies.holders(name, self);
    }
}
