package io.holdfast.cluster.postgres;

import io.holdfast.cluster.election.Position;
import java.util.List;
import java.util.Optional;

/**
 * What one probe found.
 *
 * @param systemIdentifier the same on all nodes of a cluster, set by initdb; nothing else is comparable before this is equal
 * @param inRecovery true on a standby; false on an active, and on a server that has been promoted a moment ago
 * @param position on an active the timeline and the WAL flushed; on a standby the timeline of what was replayed and the greater of
 *     received and replayed. Final only after {@code stopReceiver()}
 * @param receiver the stream that comes in, empty on an active and while there is none
 * @param standbys those connected, on an active
 * @param syncSetting the running value of {@code synchronous_standby_names}
 */
public record PostgresStatus(
        long systemIdentifier,
        boolean inRecovery,
        Position position,
        Optional<Receiver> receiver,
        List<StandbyStatus> standbys,
        String syncSetting) {

    public PostgresStatus {
        standbys = List.copyOf(standbys);
    }

    /**
     * @param streaming false while it connects or waits for a new timeline
     * @param host as in the connection's settings
     * @param timeline that the stream is on; 0 before the first message
     */
    public record Receiver(boolean streaming, String host, int port, long timeline) {}
}
