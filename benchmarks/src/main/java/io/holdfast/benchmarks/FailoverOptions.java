package io.holdfast.benchmarks;

import io.holdfast.testsupport.faults.FaultKind;
import io.holdfast.testsupport.faults.PatroniCluster;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./holdfast bench failover} is to do.
 *
 * @param faults how many, one after the other
 * @param seed gives their order, their targets and the rests between them
 * @param kinds to choose from
 * @param smallDisks whether the nodes' disks are small ones in memory, which can be full
 * @param witness whether the third node has no database and only votes
 * @param peer how the peer is set up; null to leave it out
 * @param peerFaults how many the peer gets
 */
record FailoverOptions(
        int faults,
        long seed,
        Set<FaultKind> kinds,
        boolean smallDisks,
        boolean witness,
        PatroniCluster.@Nullable Settings peer,
        int peerFaults) {

    static final String USAGE = """
            Usage: ./holdfast bench failover [--faults N] [--seed S] [--only KIND[,KIND…]] [--small-disks]
                                             [--witness] [--peer [default|tuned|async]] [--peer-faults N]

            Three nodes as network namespaces on one bridge, each with an agent and a PostgreSQL; a client on each node inserts a row each 10 ms
            through that node's router, one more follows /active. Faults are done one after the other and taken back. At the end every
            acknowledged row must be there. An outage is the longest time in which no client got an acknowledgement. Prints each
            fault, a table, and as the last line one JSON object for machines.

              --faults       how many; default 20 (more than 50 for anything near a 99th percentile)
              --seed         of a run whose plan is to be repeated; it is printed
              --only         some of the kinds: %s
              --small-disks  the nodes' disks are small ones in memory, so that they can be full: adds disk_full. A commit then costs no disk
              --witness      two nodes with data and one that only votes: adds witness_kill. What is lost must be known to be out of sync before
                             commits go on without it, which takes a second more
              --peer         does faults to Patroni and etcd, too: as they come with synchronous replication (default), below their
                             documented minima (tuned), or as they come, asynchronous (async). Debian: apt-get install patroni etcd-server
              --peer-faults  how many; default 4, each takes Patroni half a minute

            Needs Linux, root, iproute2 and PostgreSQL's own programs (Debian: postgresql). Ends with 0, 1 (failed, or an acknowledged write was
            lost), 2 (usage) or 4 (something that is needed is missing).
            """.formatted(names());

    FailoverOptions {
        kinds = Set.copyOf(kinds);
    }

    static FailoverOptions parse(List<String> arguments) {
        int faults = 20;
        int peerFaults = 4;
        long seed = RandomGenerator.getDefault().nextLong(1_000_000_000L);
        Set<FaultKind> kinds = EnumSet.allOf(FaultKind.class);
        boolean smallDisks = false;
        boolean witness = false;
        PatroniCluster.Settings peer = null;
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--faults" -> faults = OptionValues.integer(arguments, ++i, 1);
                case "--peer-faults" -> peerFaults = OptionValues.integer(arguments, ++i, 1);
                case "--seed" -> seed = OptionValues.number(arguments, ++i, 0, Long.MAX_VALUE);
                case "--only" -> kinds = kinds(OptionValues.value(arguments, ++i));
                case "--small-disks" -> smallDisks = true;
                case "--witness" -> witness = true;
                case "--peer" -> {
                    boolean named =
                            i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
                    peer = named ? peer(arguments.get(++i)) : PatroniCluster.Settings.DEFAULT;
                }
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new FailoverOptions(faults, seed, kinds, smallDisks, witness, peer, peerFaults);
    }

    private static PatroniCluster.Settings peer(String name) {
        try {
            return PatroniCluster.Settings.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--peer takes default, tuned or async, not " + name, e);
        }
    }

    private static Set<FaultKind> kinds(String text) {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (String name : text.split(",")) {
            try {
                kinds.add(FaultKind.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("no such kind: " + name + "; there are " + names(), e);
            }
        }
        return kinds;
    }

    private static String names() {
        StringBuilder names = new StringBuilder();
        for (FaultKind kind : FaultKind.values()) {
            names.append(names.isEmpty() ? "" : ", ").append(kind.name().toLowerCase(Locale.ROOT));
        }
        return names.toString();
    }
}
