package io.holdfast.inventory.deployments;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a deployment's workflows can be started as its node instances are now. The rules are those of the blueprint
 * ({@code availability_rules}), with the meaning that the existing API's {@code Deployment.is_workflow_available} gives them.
 *
 * @param states the states that node instances of the deployment are in; empty: it has none
 * @param types the types of its nodes, with all that these are derived from
 */
public record WorkflowAvailability(Set<String> states, Set<String> types) {

    private static final String STARTED = "started";

    public WorkflowAvailability {
        states = Set.copyOf(states);
        types = Set.copyOf(types);
    }

    /** @param rules null or empty: there are none; rules of other names, and those that are null, hold nothing back */
    public boolean allows(@Nullable Map<String, ?> rules) {
        if (rules == null) {
            return true;
        }
        Object available = rules.get("available");
        return (available == null || Boolean.TRUE.equals(available))
                && active(rules.get("node_instances_active"))
                && required(rules.get("node_types_required"));
    }

    /** One of those named is enough; of none named, none is. */
    private boolean active(@Nullable Object rule) {
        return !(rule instanceof List<?> any) || any.stream().anyMatch(this::isActive);
    }

    private boolean isActive(@Nullable Object extent) {
        boolean started = states.contains(STARTED);
        return "all".equals(extent) && (states.isEmpty() || started && states.size() == 1)
                || "partial".equals(extent) && started && states.size() > 1
                || "none".equals(extent) && !started;
    }

    private boolean required(@Nullable Object rule) {
        return !(rule instanceof Collection<?> any)
                || any.isEmpty()
                || any.stream().anyMatch(types::contains);
    }
}
