package io.holdfast.snapshot.bundles.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How log bundles are made and kept. */
@ConfigMapping(prefix = "holdfast.snapshot.bundles")
public interface BundlesConfig {

    /** Directory of their archives, made if need be; default {@code log-bundles} in {@code holdfast.data}. */
    Optional<Path> directory();

    /** How many ended ones are kept, of all tenants together: a new one that is complete pushes out the oldest. At least one. */
    @WithDefault("10")
    int keep();

    /** After which a bundle is presumed dead and fails. Whatever has not answered by half of it is left out. At least ten seconds. */
    @WithDefault("5m")
    Duration patience();
}
