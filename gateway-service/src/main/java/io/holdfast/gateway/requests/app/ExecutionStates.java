package io.holdfast.gateway.requests.app;

import io.holdfast.gateway.requests.Followed;
import java.util.List;
import java.util.Map;

/** How executions do, as the scheduler-service knows. */
public interface ExecutionStates {

    /** Those of the given ones that exist, as the manager API shows them, by tenant and id divided by a slash. */
    Map<String, Map<String, Object>> of(List<Followed> followed);
}
