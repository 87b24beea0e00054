package io.holdfast.diagnostics;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a process hands out of its log; the same for every service of a JVM. */
@ConfigMapping(prefix = "holdfast.diagnostics")
public interface DiagnosticsConfig {

    /**
     * How much of the end of each log a log bundle gets. A process that logs to standard output alone keeps as much of it in memory, so
     * that there is something to hand out.
     */
    @WithDefault("2M")
    MemorySize logSize();

    /** Directories whose {@code *.log} files belong to this process's node as well, such as its cluster agent's. */
    Optional<List<Path>> moreLogs();
}
