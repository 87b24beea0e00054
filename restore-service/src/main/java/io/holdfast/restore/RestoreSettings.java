package io.holdfast.restore;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the restore-service. */
@ConfigMapping(prefix = "holdfast.restore.staging")
public interface RestoreSettings {

    /** Where archives are copied to while they are restored; needs room for one. Default: {@code restore} in {@code holdfast.data}. */
    Optional<Path> directory();

    /** Connections that load and index at once. 0: half of the processors, so that the database has the other half. */
    @WithDefault("0")
    int workers();
}
