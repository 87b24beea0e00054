package io.holdfast.snapshot.copies;

import java.net.URI;
import java.util.List;

/** Who has which archive. Inside the caller's transaction. */
public interface Copies {

    /** Every archive of the catalogue. */
    List<Wanted> wanted();

    /** Notes what a node has and has removed. What is not in the catalogue is not noted. */
    void note(Report report);

    /** Archives that the node has and whose snapshots are gone from the catalogue. */
    List<ArchiveName> orphans(String node);

    /** Where else it is: base URLs of managers, the one that was heard of last first. */
    List<URI> holders(ArchiveName name, String butNot);
}
