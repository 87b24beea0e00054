package io.holdfast.snapshot.store.storage;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.Optional;

/** Where archives are kept. */
@ConfigMapping(prefix = "holdfast.snapshot.store")
public interface StoreConfig {

    /** Directory of the archives, made if need be; default {@code ${holdfast.data}/archives}. Readable by its owner alone: archives hold secrets. */
    Optional<Path> directory();
}
