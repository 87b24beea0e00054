package io.holdfast.inventory.plugins.app;

import io.holdfast.inventory.content.app.TemporaryFile;
import io.holdfast.inventory.plugins.PluginDescription;
import java.nio.file.Path;
import java.util.List;

/** Knows the formats of plugins' archives: a wagon (a zip or tar.gz), a zip of one wagon and yaml files, or a tar of several plugins. */
public interface PluginReader {

    /**
     * The plugins of a caravan, which is a tar of several, each as a zip of its wagon and its yaml file; the caller closes them. Empty
     * where the archive is no caravan.
     *
     * @throws io.holdfast.contracts.errors.ManagerException {@code invalid_plugin_error}
     */
    List<TemporaryFile> caravan(Path archive);

    /**
     * @param wagon gets the wagon alone; left empty where the archive is the wagon
     * @throws io.holdfast.contracts.errors.ManagerException {@code invalid_plugin_error}
     */
    PluginDescription read(Path archive, Path wagon);
}
