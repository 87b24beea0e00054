package io.holdfast.snapshot.copies;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** Other nodes' snapshot-services. */
public interface OtherNodes {

    /** @throws IOException if it does not answer, or not with orders */
    Orders report(URI manager, Report report) throws IOException;

    /**
     * The bytes of an archive from {@code offset} on; the caller closes it.
     *
     * @throws IOException if the node does not answer, or has no such archive
     */
    InputStream open(URI manager, ArchiveName name, long offset) throws IOException;
}
