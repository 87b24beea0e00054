package io.holdfast.inventory.nodes;

import java.util.List;
import java.util.Map;

/** What the checks of a node instance have left in its system properties. Source: the Cloudify REST API v3.1. */
public record SystemProperties(Map<?, ?> values) {

    private static final String DRIFT = "configuration_drift";

    /** Parts that hold one result for each relationship. */
    private static final List<String> DRIFT_OF_RELATIONSHIPS =
            List.of("source_relationships_configuration_drift", "target_relationships_configuration_drift");

    /** Whether the instance or one of its relationships is no longer as it was configured. */
    public boolean isDrifted() {
        return isResult(values.get(DRIFT))
                || DRIFT_OF_RELATIONSHIPS.stream()
                        .anyMatch(part -> values.get(part) instanceof Map<?, ?> relationships
                                && relationships.values().stream().anyMatch(SystemProperties::isResult));
    }

    /** Whether the last check of its status found it well. */
    public boolean isStatusOk() {
        return values.get("status") instanceof Map<?, ?> status && Boolean.TRUE.equals(status.get("ok"));
    }

    /** A check that found nothing leaves null, false, or something empty. */
    private static boolean isResult(Object check) {
        Object result = check instanceof Map<?, ?> fields ? fields.get("result") : null;
        if (result instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (result instanceof List<?> list) {
            return !list.isEmpty();
        }
        return result != null && !Boolean.FALSE.equals(result) && !"".equals(result);
    }
}
