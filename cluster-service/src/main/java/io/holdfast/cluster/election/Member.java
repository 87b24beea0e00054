package io.holdfast.cluster.election;

/**
 * A node of the cluster as the configuration knows it.
 *
 * @param voting whether its promise counts. A member that joins does not vote before it streams
 * @param incarnation of the durable state it had when it became a voter, 0 before that. A node that comes back with another one has
 *     forgotten its promises: it counts as new
 * @param priority decides between equally new nodes: the higher one becomes active
 */
public record Member(NodeId id, MemberKind kind, boolean voting, long incarnation, int priority) {

    /** One that has just been named and does not vote yet. */
    public static Member joining(NodeId id, MemberKind kind, int priority) {
        return new Member(id, kind, false, 0, priority);
    }

    /** Votes from now on. @param ofIncarnation what the node says it is */
    public Member voter(long ofIncarnation) {
        return new Member(id, kind, true, ofIncarnation, priority);
    }

    /** Does not vote from now on. */
    public Member observer() {
        return new Member(id, kind, false, 0, priority);
    }

    boolean votesAs(long otherIncarnation) {
        return voting && incarnation == otherIncarnation;
    }
}
