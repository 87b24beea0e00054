package io.holdfast.inventory.files.app;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much the work directory of one deployment may hold. */
@ConfigMapping(prefix = "holdfast.inventory.work-directories")
public interface WorkDirectoryConfig {

    /**
     * All files of one deployment together, unpacked; also the largest upload. Each change of a directory writes it anew, and snapshots carry
     * it, so that this is no place for images of disks.
     */
    @WithDefault("256M")
    MemorySize maxSize();

    /** Files of one deployment. */
    @WithDefault("10000")
    int maxFiles();
}
