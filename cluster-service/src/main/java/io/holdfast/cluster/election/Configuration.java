package io.holdfast.cluster.election;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who belongs to the cluster, who votes, and on whom commits must be. It is stored by a majority of voters before anything relies on it,
 * and changed by the active node only, by one voter at a time.
 *
 * <p>Without a witness every voting data node is in sync and a commit waits for enough of them to make a majority. With a witness a
 * commit waits for every node that is in sync, and a node that is lost is taken out of them, at a majority, before commits stop waiting
 * for it.
 *
 * @param members sorted by id, each id once
 * @param inSync voting data nodes that may become active
 * @param paused no election by itself; operators decide
 */
public record Configuration(ConfigurationVersion version, List<Member> members, Set<NodeId> inSync, boolean paused) {

    /** Of a node that has not heard from its cluster yet. */
    public static final Configuration NONE =
            new Configuration(new ConfigurationVersion(0, 0), List.of(), Set.of(), false);

    public Configuration {
        members = members.stream().sorted(Comparator.comparing(Member::id)).toList();
        for (int i = 1; i < members.size(); i++) {
            if (members.get(i).id().equals(members.get(i - 1).id())) {
                throw new IllegalArgumentException(
                        "a member is named once, found twice: " + members.get(i).id());
            }
        }
        inSync = Set.copyOf(inSync);
        Set<NodeId> dataVoters = dataVoters(members);
        if (!dataVoters.containsAll(inSync)) {
            throw new IllegalArgumentException(
                    "only voting data nodes are in sync: " + dataVoters + ", found: " + inSync);
        }
        if (!hasWitness(members) && !inSync.equals(dataVoters)) {
            throw new IllegalArgumentException(
                    "without a witness all voting data nodes are in sync: " + dataVoters + ", found: " + inSync);
        }
    }

    /** The first one of a new cluster: one voter, all others join later. */
    public static Configuration first(Member voter, Collection<Member> joining) {
        List<Member> all =
                new ArrayList<>(joining.stream().map(Member::observer).toList());
        all.add(voter);
        return new Configuration(new ConfigurationVersion(1, 0), all, Set.of(voter.id()), false);
    }

    public Optional<Member> member(NodeId id) {
        for (Member member : members) {
            if (member.id().equals(id)) {
                return Optional.of(member);
            }
        }
        return Optional.empty();
    }

    /** Sorted. */
    public SortedSet<NodeId> voters() {
        SortedSet<NodeId> voters = new TreeSet<>();
        for (Member member : members) {
            if (member.voting()) {
                voters.add(member.id());
            }
        }
        return voters;
    }

    public boolean hasWitness() {
        return hasWitness(members);
    }

    /** How many voters make a majority. */
    public int majority() {
        int voters = 0;
        for (Member member : members) {
            voters += member.voting() ? 1 : 0;
        }
        return voters / 2 + 1;
    }

    /** Whether more than half of the voters are among {@code nodes}. Of no voters nothing is a majority. */
    public boolean isMajority(Set<NodeId> nodes) {
        int count = 0;
        for (Member member : members) {
            count += member.voting() && nodes.contains(member.id()) ? 1 : 0;
        }
        return count >= majority();
    }

    /** Whether promises of {@code nodes} are enough to know the newest state: every acknowledged commit is on one that may be chosen. */
    public boolean isElectionQuorum(Set<NodeId> nodes) {
        return isMajority(nodes) && inSync.stream().anyMatch(nodes::contains);
    }

    /** What PostgreSQL of {@code node} has to wait for as long as, or in case that, it is the active one. */
    public SyncSetting syncSetting(NodeId node) {
        Set<NodeId> peers = hasWitness() ? inSync : dataVoters(members);
        List<NodeId> standbys =
                peers.stream().filter(id -> !id.equals(node)).sorted().toList();
        int required = hasWitness() ? standbys.size() : peers.size() / 2;
        return new SyncSetting(Math.min(required, standbys.size()), standbys);
    }

    Configuration at(ConfigurationVersion newVersion) {
        return new Configuration(newVersion, members, inSync, paused);
    }

    /**
     * The same with other members: those in sync stay so if they still vote.
     *
     * @param active in sync in any case
     */
    Configuration replacing(ConfigurationVersion newVersion, Collection<Member> newMembers, NodeId active) {
        Set<NodeId> sync = dataVoters(newMembers);
        if (hasWitness(newMembers)) {
            sync.removeIf(id -> !inSync.contains(id) && !id.equals(active));
        }
        return new Configuration(newVersion, List.copyOf(newMembers), sync, paused);
    }

    Configuration withInSync(ConfigurationVersion newVersion, Set<NodeId> newInSync) {
        return new Configuration(newVersion, members, newInSync, paused);
    }

    Configuration withPaused(ConfigurationVersion newVersion, boolean nowPaused) {
        return new Configuration(newVersion, members, inSync, nowPaused);
    }

    private static boolean hasWitness(Collection<Member> members) {
        return members.stream().anyMatch(member -> member.voting() && member.kind() == MemberKind.WITNESS);
    }

    private static Set<NodeId> dataVoters(Collection<Member> members) {
        Set<NodeId> voters = new TreeSet<>();
        for (Member member : members) {
            if (member.voting() && member.kind() == MemberKind.DATA) {
                voters.add(member.id());
            }
        }
        return voters;
    }
}
