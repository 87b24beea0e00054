package io.holdfast.inventory.plugins.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.http.CallerIdentity;
import java.util.List;

/** Attached workers, which install plugins and say so themselves. Each answers false where none can be told, as the bridge is off. */
public interface PluginWorkers {

    /**
     * @param plugin as the API shows it
     * @param managers names by which the workers know themselves; at least one
     * @param caller on whose behalf
     */
    boolean install(ObjectNode plugin, List<String> managers, CallerIdentity caller);

    /** The same for one that is removed. */
    boolean uninstall(ObjectNode plugin, List<String> managers, CallerIdentity caller);
}
