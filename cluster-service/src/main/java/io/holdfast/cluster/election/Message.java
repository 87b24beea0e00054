package io.holdfast.cluster.election;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What nodes tell each other. Messages may be lost, late, doubled and out of order. Sender and cluster id travel outside of them
 * ({@link Event.Received}).
 */
public sealed interface Message {

    /** Of the sender, or the one it asks for. */
    long epoch();

    /**
     * The active node lives.
     *
     * @param ready whether its epoch is committed, so that it serves
     * @param history of its timeline, oldest first, at most the last {@value State#HISTORY} switches
     * @param sentNanos by the sender's monotonic clock; echoed by the answer
     * @param lsn where its log ends
     * @param origin where its log ended when it was chosen: what is not promoted yet has no history, and who has no more than this of the
     *     same timeline can follow it
     * @param configuration to be stored before the receiver follows
     */
    record Heartbeat(
            long epoch,
            boolean ready,
            List<TimelineSwitch> history,
            long sentNanos,
            Lsn lsn,
            Position origin,
            Configuration configuration)
            implements Message {
        public Heartbeat {
            history = List.copyOf(history);
        }
    }

    /**
     * Answer to a heartbeat, after its configuration is stored.
     *
     * @param echoedNanos {@link Heartbeat#sentNanos}
     * @param configuration what the sender has stored
     * @param role of the sender
     * @param streaming whether its PostgreSQL receives the log from the active node
     * @param position last known, {@link Position#NONE} for a witness
     * @param diskFull whether its PostgreSQL has no room to write
     */
    record HeartbeatAnswer(
            long epoch,
            long echoedNanos,
            ConfigurationVersion configuration,
            long incarnation,
            Role role,
            boolean streaming,
            Position position,
            boolean diskFull)
            implements Message {}

    /**
     * Would you promise? Changes nothing.
     *
     * @param epoch the one asked for
     * @param streamLost the sender lost the log stream and the heartbeats, both
     */
    record PrevoteRequest(long epoch, boolean streamLost) implements Message {}

    /** Answer to a {@link PrevoteRequest}. @param epoch the one asked for */
    record PrevoteAnswer(long epoch, boolean granted) implements Message {}

    /** Promise to take part in no lower epoch, stop receiving the log, and say how far you are. */
    record PromiseRequest(long epoch) implements Message {}

    /**
     * The sender takes part in no lower epoch any more, and has stopped to receive the log before it measured its position.
     *
     * @param configuration the newest the sender has stored
     */
    record Promise(long epoch, long incarnation, Position position, Configuration configuration) implements Message {}

    /** Of all who promised you are the newest: become active. @param configuration the newest of those who promised */
    record Nomination(long epoch, Configuration configuration) implements Message {}

    /** There is a later epoch than yours. */
    record Stale(long epoch) implements Message {}

    /** The active node gives up. @param successor who shall follow at once, if it was planned; else null */
    record Resignation(long epoch, @Nullable NodeId successor) implements Message {}
}
