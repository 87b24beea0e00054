package io.holdfast.inventory.files.app;

import io.holdfast.inventory.content.app.TemporaryFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is at a path of the file server. */
public sealed interface Served {

    /** A directory: its files by their paths below it, with the times of their last changes. */
    record Index(SortedMap<String, Instant> files) implements Served {}

    /** A file, or a whole directory packed. Who takes it closes it. @param name that it may be saved under */
    record File(String name, TemporaryFile bytes) implements Served, AutoCloseable {

        /** Writes the bytes of a file. */
        interface Filling {
            void into(Path file) throws IOException;
        }

        /** @param path of which the last segment is the name */
        static File of(String path, Filling filling) throws IOException {
            TemporaryFile bytes = TemporaryFile.of("file");
            try {
                filling.into(bytes.path());
                return new File(path.substring(path.lastIndexOf('/') + 1), bytes);
            } catch (IOException | RuntimeException e) {
                bytes.close();
                throw e;
            }
        }

        @Override
        public void close() {
            bytes.close();
        }
    }

    /** The files whose paths begin with the prefix, by what follows. */
    static Index below(SortedMap<String, Instant> files, String prefix) {
        SortedMap<String, Instant> below = new TreeMap<>();
        files.tailMap(prefix).forEach((path, time) -> {
            if (path.startsWith(prefix)) {
                below.put(path.substring(prefix.length()), time);
            }
        });
        return new Index(below);
    }
}
