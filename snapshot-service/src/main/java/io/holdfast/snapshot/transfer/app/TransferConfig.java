package io.holdfast.snapshot.transfer.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Bounds of uploads. */
@ConfigMapping(prefix = "holdfast.snapshot.transfer")
public interface TransferConfig {

    /** Largest archive that is taken in. */
    @WithDefault("1T")
    MemorySize maxUpload();

    /** What an upload leaves free on the store's disk, for whatever else lives there. */
    @WithDefault("256M")
    MemorySize keepFree();

    /** How long a server named by {@code snapshot_archive_url} may take until its answer begins. */
    @WithDefault("60s")
    Duration fetchTimeout();
}
