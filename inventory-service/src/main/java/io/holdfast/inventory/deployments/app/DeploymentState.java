package io.holdfast.inventory.deployments.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.language.RuntimeValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What functions are evaluated against.
 *
 * @param outputs as stored: name to {@code {"value": …}}; the same for capabilities
 * @param nodeProperties by the nodes' names
 * @param instances by the nodes' names, in the order of their indexes
 * @param nodeOfInstance the node of each instance
 */
public record DeploymentState(
        String tenant,
        String id,
        @Nullable String blueprintId,
        @Nullable String displayName,
        @Nullable String createdBy,
        Map<String, @Nullable Object> inputs,
        Map<String, @Nullable Object> outputs,
        Map<String, @Nullable Object> capabilities,
        Map<String, Map<String, @Nullable Object>> nodeProperties,
        Map<String, List<RuntimeValues.Instance>> instances,
        Map<String, String> nodeOfInstance,
        Map<String, List<String>> labels) {

    /** Where deployments stand as they are now. */
    public interface Source {

        /** The one that the caller sees: of the tenant first, else a global one. */
        Optional<DeploymentState> find(String id, CallerIdentity caller);

        /** What deployments are shown as, in the order of their ids; those that are not there are left out. */
        List<String> displayNames(String tenant, List<String> ids);
    }
}
