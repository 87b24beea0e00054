package io.holdfast.cluster.election;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a node must not forget. It is on disk, flushed, before anything that follows its {@link Action.Persist} happens. A node that has
 * lost it takes a new incarnation and joins as a new one.
 *
 * @param clusterId PostgreSQL's system identifier, 0 until it is known
 * @param incarnation a random number, made with the first durable state, not 0
 * @param epoch the highest this node has taken part in; it never answers for a lower one again
 * @param promisedTo to whom it gave its promise in this epoch, or null
 * @param nominated whom it made active in this epoch, as a candidate, or null
 * @param promotedEpoch the last epoch in which it promoted its PostgreSQL, or was about to; never twice in the same
 * @param configuration the newest it has stored
 * @param dataIncomplete its PostgreSQL is being rewound or copied, or there is none yet: it must not vote
 */
public record DurableState(
        long clusterId,
        NodeId self,
        MemberKind kind,
        long incarnation,
        long epoch,
        @Nullable NodeId promisedTo,
        @Nullable NodeId nominated,
        long promotedEpoch,
        Configuration configuration,
        boolean dataIncomplete) {

    public DurableState {
        if (incarnation == 0) {
            throw new IllegalArgumentException("an incarnation is a random number other than 0");
        }
        if (epoch < 0 || epoch > Position.MAX_TIMELINE) {
            throw new IllegalArgumentException("an epoch is a timeline, 0 to 4294967295, found: " + epoch);
        }
        if (promotedEpoch > epoch) {
            throw new IllegalArgumentException(
                    "promoted in epoch " + promotedEpoch + ", but took part only up to " + epoch);
        }
    }

    /**
     * Of the one node that makes a new cluster. Its PostgreSQL is new, on timeline 1.
     *
     * @param joining the other members; each votes as soon as it streams (a witness: as soon as it answers)
     */
    public static DurableState first(
            long clusterId, NodeId self, long incarnation, int priority, Collection<Member> joining) {
        Member voter = new Member(self, MemberKind.DATA, true, incarnation, priority);
        return new DurableState(
                clusterId,
                self,
                MemberKind.DATA,
                incarnation,
                1,
                null,
                null,
                0,
                Configuration.first(voter, joining),
                false);
    }

    /** Of a node that waits to be taken in by a cluster that names it as a member. */
    public static DurableState joining(NodeId self, MemberKind kind, long incarnation) {
        return new DurableState(
                0, self, kind, incarnation, 0, null, null, 0, Configuration.NONE, kind == MemberKind.DATA);
    }

    /** Whether this node's promise counts. */
    public boolean votes() {
        return !dataIncomplete
                && configuration.member(self).map(me -> me.votesAs(incarnation)).orElse(false);
    }

    DurableState inEpoch(long newEpoch, @Nullable NodeId promise) {
        return new DurableState(
                clusterId,
                self,
                kind,
                incarnation,
                newEpoch,
                promise,
                null,
                promotedEpoch,
                configuration,
                dataIncomplete);
    }

    DurableState nominating(NodeId nominee) {
        return new DurableState(
                clusterId,
                self,
                kind,
                incarnation,
                epoch,
                promisedTo,
                nominee,
                promotedEpoch,
                configuration,
                dataIncomplete);
    }

    DurableState promoting() {
        return new DurableState(
                clusterId, self, kind, incarnation, epoch, promisedTo, nominated, epoch, configuration, dataIncomplete);
    }

    DurableState configured(Configuration newer) {
        return new DurableState(
                clusterId, self, kind, incarnation, epoch, promisedTo, nominated, promotedEpoch, newer, dataIncomplete);
    }

    DurableState withData(boolean incomplete) {
        return new DurableState(
                clusterId,
                self,
                kind,
                incarnation,
                epoch,
                promisedTo,
                nominated,
                promotedEpoch,
                configuration,
                incomplete);
    }

    DurableState ofCluster(long id) {
        return new DurableState(
                id,
                self,
                kind,
                incarnation,
                epoch,
                promisedTo,
                nominated,
                promotedEpoch,
                configuration,
                dataIncomplete);
    }
}
