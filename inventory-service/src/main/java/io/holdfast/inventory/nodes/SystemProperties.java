package io.holdfast.inventory.nodes;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the checks of a node instance have left in its system properties. Source: the Cloudify REST API v3.1. */
public record SystemProperties(Map<?, ?> values) {

    private static final String DRIFT = "configuration_drift";

    /** Parts that hold one result for each relationship. */
    private static final List<String> DRIFT_OF_RELATIONSHIPS =
            List.of("source_relationships_configuration_drift", "target_relationships_configuration_drift");

    private static final String STATUS = "status";
    private static final String PREVIOUS_STATUS = "previous_status";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    /**
     * With what is taken for granted of an instance that a workflow has brought to a state and no check has looked at: one that is configured
     * is as it was configured, one that is started is well.
     */
    public SystemProperties reached(String state, Instant now) {
        Map<Object, @Nullable Object> more = new LinkedHashMap<>(values);
        if (state.equals("configured") && !values.containsKey(DRIFT)) {
            more.put(DRIFT, wellWithoutCheck(now));
        }
        if (state.equals("started")) {
            if (!values.containsKey(PREVIOUS_STATUS)) {
                more.put(PREVIOUS_STATUS, null);
            }
            if (!values.containsKey(STATUS)) {
                more.put(STATUS, wellWithoutCheck(now));
            }
        }
        return new SystemProperties(more);
    }

    private static Map<String, @Nullable Object> wellWithoutCheck(Instant now) {
        Map<String, @Nullable Object> check = new LinkedHashMap<>();
        check.put("ok", true);
        check.put("result", null);
        check.put("task", null);
        check.put("timestamp", TIME.format(now.atOffset(ZoneOffset.UTC)));
        return check;
    }

    /** Whether the instance or one of its relationships is no longer as it was configured. */
    public boolean isDrifted() {
        return isDrift(values.get(DRIFT))
                || DRIFT_OF_RELATIONSHIPS.stream()
                        .anyMatch(part -> values.get(part) instanceof Map<?, ?> relationships
                                && relationships.values().stream().anyMatch(SystemProperties::isDrift));
    }

    /** Whether the last check of its status found it well. */
    public boolean isStatusOk() {
        return values.get(STATUS) instanceof Map<?, ?> status && Boolean.TRUE.equals(status.get("ok"));
    }

    /** A check that could not be made, or did not find it as it was configured. One that found nothing leaves null, false, or something empty. */
    private static boolean isDrift(Object check) {
        if (!(check instanceof Map<?, ?> fields)) {
            return false;
        }
        if (Boolean.FALSE.equals(fields.get("ok"))) {
            return true;
        }
        Object result = fields.get("result");
        if (result instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        if (result instanceof List<?> list) {
            return !list.isEmpty();
        }
        return result != null && !Boolean.FALSE.equals(result) && !"".equals(result);
    }
}
