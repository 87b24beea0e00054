package io.holdfast.inventory.content.app;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Archives and other bytes by their SHA-256. */
public interface ContentLibrary {

    /** @param sizeBytes of the whole */
    record Content(String sha256, long sizeBytes) {}

    Optional<Content> find(String sha256);

    /** Keeps the file's bytes, once for all who store the same. Belongs to the transaction that runs. */
    Content store(Path file);

    /** Drops content that nothing refers to any more. Belongs to the transaction that runs. */
    void dropIfUnused(String sha256);

    /** Reads piece by piece, holding one MiB and no connection in between. It fails if the content goes away meanwhile. */
    InputStream open(Content content);
}
