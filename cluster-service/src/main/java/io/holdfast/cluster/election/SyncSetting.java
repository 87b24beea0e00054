package io.holdfast.cluster.election;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a node's PostgreSQL must wait for before it acknowledges a commit.
 *
 * @param required how many of the standbys must have flushed it; 0 only where the configuration says that this node alone is enough
 * @param standbys whose confirmations count, sorted
 */
public record SyncSetting(int required, List<NodeId> standbys) {

    public SyncSetting {
        standbys = List.copyOf(standbys);
        if (required < 0 || required > standbys.size()) {
            throw new IllegalArgumentException(
                    "a commit can wait for 0 to " + standbys.size() + " of " + standbys + ", found: " + required);
        }
    }

    /** The value of {@code synchronous_standby_names}; empty where nothing is waited for. */
    public String synchronousStandbyNames() {
        if (required == 0) {
            return "";
        }
        return "ANY " + required + " ("
                + standbys.stream().map(id -> '"' + id.value() + '"').collect(Collectors.joining(", ")) + ")";
    }
}
