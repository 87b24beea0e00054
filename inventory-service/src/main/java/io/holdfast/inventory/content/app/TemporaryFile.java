package io.holdfast.inventory.content.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** An archive on its way in. Closing it deletes it. */
public record TemporaryFile(Path path) implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TemporaryFile.class);

    /** An empty one. @param what it is of: {@code blueprint} */
    public static TemporaryFile of(String what) {
        try {
            return new TemporaryFile(Files.createTempFile("holdfast-" + what + "-", ".archive"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary file", e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warnf("cannot delete %s: %s", path, e.getMessage());
        }
    }
}
