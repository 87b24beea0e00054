package io.holdfast.archive.cloudify;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file that an archive carries beside its entities: an uploaded archive, a work directory, a file of the user interface.
 *
 * @param path its name in the archive
 * @param bytes its size there, uncompressed
 */
public record Blob(String path, long bytes, Source source) {

    /** Opens the content. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    /** The content from its beginning; the caller closes it. Reads fail with {@link IOException} where the archive is damaged. */
    public InputStream open() throws IOException {
        return source.open();
    }

    public boolean isEmpty() {
        return bytes == 0;
    }
}
