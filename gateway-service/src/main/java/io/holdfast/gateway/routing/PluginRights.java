package io.holdfast.gateway.routing;

import io.holdfast.gateway.authentication.PluginErrand;
import java.util.List;
import java.util.Set;

/**
 * What a worker may ask on the token of a plugin's installation or of a hook, whatever else the user may on whose behalf it works. It looks
 * for the plugin, fetches it and says how far it is; before it runs a hook, it asks how the execution is of which the hook tells, and for the
 * operation that a hook does not have.
 */
public final class PluginRights {

    private static final String SEARCH = "GET plugins";
    private static final Set<String> OF_PLUGIN =
            Set.of("GET plugins/{id}", "GET plugins/{id}/archive", "PUT plugins/{id}");
    private static final String EXECUTION = "GET executions/{id}";
    private static final String OPERATION = "GET operations/{id}";

    /** What the product's workers write for the id of an operation where there is none. */
    private static final String NO_OPERATION = "None";

    private PluginRights() {}

    /** @param segments of the path that was asked for */
    public static boolean include(Route route, List<String> segments, PluginErrand errand) {
        String asked = route.method() + " " + route.template();
        if (asked.equals(SEARCH)) {
            return true;
        }
        if (OF_PLUGIN.contains(asked)) {
            return errand.concerns(segments.get(1));
        }
        String execution = errand.executionId();
        return execution != null
                && (asked.equals(EXECUTION) && segments.get(1).equals(execution)
                        || asked.equals(OPERATION) && segments.get(1).equals(NO_OPERATION));
    }
}
