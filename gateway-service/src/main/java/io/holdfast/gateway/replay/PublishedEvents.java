package io.holdfast.gateway.replay;

import java.util.List;
import java.util.Map;

/** What each service published lately. */
public interface PublishedEvents {

    /** Short names of all services that there can be. */
    List<String> services();

    /** How many events of a service the filter (names of the API to values) leaves. Checks that its queue exists. */
    long count(String service, Map<String, String> filter);

    /** Publishes those again. */
    Outcome publish(String service, Map<String, String> filter);

    /** @param refused how many of the published ones the broker did not take */
    record Outcome(long published, long refused) {}
}
