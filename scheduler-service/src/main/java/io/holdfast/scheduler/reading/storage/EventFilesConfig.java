package io.holdfast.scheduler.reading.storage;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where deleted events are kept that a request wants to be kept. */
@ConfigMapping(prefix = "holdfast.scheduler.deleted-events")
public interface EventFilesConfig {

    /** Directory of the files, made if need be; default {@code deleted-events} in {@code holdfast.data}. Readable by its owner alone. */
    Optional<Path> directory();
}
