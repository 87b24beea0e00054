package io.holdfast.inventory.plugins.app;

import io.holdfast.inventory.plugins.PluginDescription;
import java.nio.file.Path;

/** Knows the formats of plugins' archives: a wagon (a zip or tar.gz), or a zip of one wagon and yaml files. */
public interface PluginReader {

    /**
     * @param wagon gets the wagon alone; left empty where the archive is the wagon
     * @throws io.holdfast.contracts.errors.ManagerException {@code invalid_plugin_error}
     */
    PluginDescription read(Path archive, Path wagon);
}
