package io.holdfast.cluster.election;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of nodes with modelled PostgreSQLs, and an adversary that decides what happens next: which message or log record arrives, is
 * lost or doubled, how a node's clock advances, who crashes, which link is cut. Everything follows from the numbers given to
 * {@link #step}, so a schedule is a list of numbers and can be replayed and shortened.
 */
final class World {

    /** Kinds of clusters. */
    enum Topology {
        THREE,
        FIVE,
        FOUR,
        TWO_AND_WITNESS,
        TWO,
        GROWING
    }

    private static final int SEGMENT = 6;
    private static final long MILLI = 1_000_000;
    private static final long CLUSTER = 7;

    private final Mutant mutant;
    private final boolean operators;
    /** Shorter than the defaults, so that more happens in a schedule. */
    private static final Settings SETTINGS = new Settings(
            100 * MILLI,
            400 * MILLI,
            300 * MILLI,
            200 * MILLI,
            40 * MILLI,
            500 * MILLI,
            400 * MILLI,
            800 * MILLI,
            1000 * MILLI);

    private final Election election = new Election(SETTINGS);
    private final List<Node> nodes = new ArrayList<>();
    private final List<Packet> network = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final boolean[][] cut;
    private final Map<Long, NodeId> promotions = new HashMap<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private SplittableRandom random = new SplittableRandom(0);
    private long lastId;
    private long moment;
    private long highestAcknowledgedEpoch;
    private long highestAcknowledgedAt;
    private long forcedEpoch;
    private @Nullable List<String> trace;
    /** No agent crashes by itself. */
    private boolean calm;

    int forced;
    int switchovers;
    int acknowledgements;
    int changes;

    private record Packet(int from, int to, long clusterId, Message message) {}

    private record Write(long id, int index, long startedAt) {}

    private record Acknowledged(long id, int index, long epoch) {}

    /** A log stream. What the standby has flushed travels back on it, in order. */
    private static final class Connection {
        final Node primary;
        final Node standby;
        final int generation;
        final Deque<Integer> replies = new ArrayDeque<>();
        boolean closedByStandby;
        boolean broken;
        int known = -1;

        Connection(Node primary, Node standby) {
            this.primary = primary;
            this.standby = standby;
            this.generation = primary.generation;
        }

        boolean alive() {
            return primary.mode != Mode.DOWN && primary.generation == generation && !broken;
        }
    }

    private enum Mode {
        DOWN,
        STANDBY,
        PRIMARY
    }

    /** An agent and its PostgreSQL. */
    private static final class Node {
        final int index;
        final NodeId id;
        final Deque<Action.Postgres> queue = new ArrayDeque<>();
        final Deque<Event> events = new ArrayDeque<>();
        final List<Write> unacknowledged = new ArrayList<>();
        DurableState disk;
        DurableState unflushedDisk;

        @Nullable
        State state;

        long clock;
        Mode mode = Mode.DOWN;
        WriteAheadLog log = new WriteAheadLog();
        int flushed;
        int received;
        int upstream = -1;
        int generation;

        @Nullable
        Connection connection;

        SyncSetting sync = new SyncSetting(0, List.of());
        boolean broken;
        boolean rejoining;
        boolean draining;
        boolean diskFull;
        int epochRow = -1;

        Node(int index, DurableState disk) {
            this.index = index;
            this.id = disk.self();
            this.disk = disk;
            this.unflushedDisk = disk;
        }
    }

    World(Topology topology, Mutant mutant, boolean operators) {
        this.mutant = mutant;
        this.operators = operators;
        int data = switch (topology) {
            case THREE, GROWING -> 3;
            case FIVE -> 5;
            case FOUR -> 4;
            case TWO_AND_WITNESS, TWO -> 2;
        };
        boolean witness = topology == Topology.TWO_AND_WITNESS;
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < data; i++) {
            Member member = Member.joining(id(i), MemberKind.DATA, i % 2);
            members.add(topology == Topology.GROWING && i > 0 ? member : member.voter(100 + i));
        }
        if (witness) {
            members.add(Member.joining(id(data), MemberKind.WITNESS, 0).voter(100 + data));
        }
        Set<NodeId> inSync = new HashSet<>();
        members.stream()
                .filter(member -> member.voting() && member.kind() == MemberKind.DATA)
                .forEach(member -> inSync.add(member.id()));
        Configuration first = new Configuration(new ConfigurationVersion(1, 0), members, inSync, false);
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            DurableState disk = member.voting()
                    ? new DurableState(CLUSTER, id(i), member.kind(), 100 + i, 1, null, null, 0, first, false)
                    : DurableState.joining(id(i), member.kind(), 100 + i);
            Node node = new Node(i, disk);
            if (member.voting() && member.kind() == MemberKind.DATA) {
                node.log.append(1, 0);
                node.flushed = 1;
            }
            nodes.add(node);
        }
        cut = new boolean[nodes.size()][nodes.size()];
        nodes.forEach(this::boot);
        for (int i = 0; i < 30; i++) {
            round(any -> true, 25, i > 25);
        }
    }

    private static NodeId id(int index) {
        return new NodeId("n" + (index + 1));
    }

    private Node node(NodeId id) {
        return nodes.get(Integer.parseInt(id.value().substring(1)) - 1);
    }

    int promotions() {
        return promotions.size();
    }

    /** One decision of the adversary. @throws Violation if what must not happen happens */
    void step(long decision) {
        random = new SplittableRandom(decision);
        int choice = random.nextInt(1000);
        Node node = nodes.get(random.nextInt(nodes.size()));
        if (choice < 400) {
            deliver();
        } else if (choice < 560) {
            node.clock += random.nextInt(4) == 0 ? random.nextInt(900) * MILLI : random.nextInt(60) * MILLI;
            input(node, new Event.Tick());
        } else if (choice < 660) {
            execute(node);
        } else if (choice < 740) {
            report(node);
        } else if (choice < 810) {
            stream(node, 1 + random.nextInt(3));
        } else if (choice < 860) {
            reply();
        } else if (choice < 900) {
            write(node);
        } else if (choice < 930) {
            probe(node);
        } else if (choice < 945) {
            boolean now = random.nextInt(3) == 0;
            cut[node.index][random.nextInt(nodes.size())] = now;
        } else if (choice < 960) {
            disaster(node);
        } else if (choice < 974) {
            request(active().orElse(node));
        } else {
            boolean all = random.nextInt(3) == 0;
            int together = 0;
            for (int i = 0; i < nodes.size(); i++) {
                together |= all || random.nextInt(5) < 3 ? 1 << i : 0;
            }
            int chosen = together;
            for (int i = 5 + random.nextInt(45); i > 0; i--) {
                round(index -> (chosen >> index & 1) == 1, 20 + random.nextInt(20), random.nextInt(4) == 0);
            }
        }
    }

    /** All goes well between those nodes for a while. */
    private void round(IntPredicate together, int millis, boolean write) {
        moment++;
        for (Node node : nodes) {
            if (!together.test(node.index)) {
                continue;
            }
            if (node.state == null) {
                boot(node);
            }
            node.clock += millis * MILLI;
            input(node, new Event.Tick());
            while (!node.queue.isEmpty() && node.state != null) {
                execute(node);
            }
            while (!node.events.isEmpty()) {
                report(node);
            }
            if (upstream(node, together)) {
                stream(node, 1 + random.nextInt(10));
            }
            probe(node);
            if (write) {
                write(node);
            }
        }
        for (Connection connection : List.copyOf(connections)) {
            if (!together.test(connection.standby.index) && random.nextInt(10) == 0) {
                connection.broken = true;
                connections.remove(connection);
                continue;
            }
            while (!connection.replies.isEmpty()
                    && together.test(connection.primary.index)
                    && together.test(connection.standby.index)) {
                reply(connection);
            }
        }
        List<Packet> packets = List.copyOf(network);
        network.clear();
        for (Packet packet : packets) {
            if (together.test(packet.from()) && together.test(packet.to())) {
                arrive(packet);
            } else {
                network.add(packet);
            }
        }
    }

    private static boolean upstream(Node node, IntPredicate together) {
        return node.upstream >= 0 && together.test(node.upstream);
    }

    /**
     * The network heals and nobody fails any more.
     *
     * @return whether a node serves, and acknowledges a write, within 80 seconds
     */
    boolean recovers() {
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
        nodes.forEach(node -> node.diskFull = false);
        random = new SplittableRandom(1);
        int before = acknowledgements;
        for (int i = 0; i < 3200; i++) {
            round(any -> true, 25, true);
            if (serving().isPresent() && acknowledgements > before) {
                return true;
            }
            if (i % 400 == 399) {
                // In a pause somebody has to say so.
                input(nodes.get(i / 400 % nodes.size()), new Event.Campaign("campaign"));
            }
        }
        return isBeyondRecovery();
    }

    /**
     * All goes well, then the active node is lost.
     *
     * @return whether another one serves, and acknowledges a write, within 30 seconds
     */
    boolean survivesTheLossOfTheActiveNode() {
        if (!recovers()) {
            return false;
        }
        for (int i = 0; i < 400; i++) {
            round(any -> true, 25, true);
        }
        Node lost = serving().orElseThrow();
        int before = acknowledgements;
        for (int i = 0; i < 1200; i++) {
            round(index -> index != lost.index, 25, true);
            boolean another = nodes.stream()
                    .anyMatch(node -> node != lost && node.state != null && node.state.leaseValid(node.clock));
            if (another && acknowledgements > before) {
                return true;
            }
        }
        return false;
    }

    /**
     * All goes well, then the active node's disk is full, and later is not.
     *
     * @return whether another one serves within 10 seconds and goes on, and the former one streams from it
     */
    boolean handsOverWhenTheDiskIsFull() {
        calm = true;
        if (!recovers()) {
            return false;
        }
        for (int i = 0; i < 400; i++) {
            round(any -> true, 25, true);
        }
        Node full = serving().orElseThrow();
        full.diskFull = true;
        for (int i = 0; i < 400; i++) {
            round(any -> true, 25, true);
        }
        Optional<Node> next = serving();
        if (next.isEmpty() || next.get() == full) {
            return false;
        }
        full.diskFull = false;
        int before = acknowledgements;
        for (int i = 0; i < 400; i++) {
            round(any -> true, 25, true);
        }
        return serving().equals(next)
                && acknowledgements > before
                && full.connection != null
                && full.connection.alive();
    }

    /**
     * All goes well, then all disks are full.
     *
     * @return in how many elections more somebody became active within 30 seconds
     */
    int electionsWhileAllDisksAreFull() {
        calm = true;
        if (!recovers()) {
            throw new Violation("it does not even recover");
        }
        for (int i = 0; i < 400; i++) {
            round(any -> true, 25, true);
        }
        int before = promotions();
        nodes.forEach(node -> node.diskFull = true);
        for (int i = 0; i < 1200; i++) {
            round(any -> true, 25, true);
        }
        return promotions() - before;
    }

    private Optional<Node> serving() {
        return nodes.stream()
                .filter(node -> node.state != null && node.state.leaseValid(node.clock))
                .findFirst();
    }

    /** So many nodes have lost their data, or were being copied as the active one failed, that only an operator can decide. */
    private boolean isBeyondRecovery() {
        Configuration newest = nodes.stream()
                .map(node -> node.disk.configuration())
                .max(Comparator.comparing(Configuration::version))
                .orElseThrow();
        Set<NodeId> able = new HashSet<>();
        for (Node node : nodes) {
            boolean votes = newest.member(node.id)
                    .map(member -> member.votesAs(node.disk.incarnation()))
                    .orElse(false);
            if (votes && !node.disk.dataIncomplete()) {
                able.add(node.id);
            }
        }
        return !newest.isElectionQuorum(able);
    }

    /** What each node thinks. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (Node node : nodes) {
            text.append(node.id).append(": ").append(node.mode).append(' ').append(node.log.position());
            State state = node.state;
            if (state == null) {
                text.append(" agent down, ").append(node.disk);
            } else {
                text.append(' ').append(state.role()).append(' ').append(state.database());
                text.append(' ').append(state.durable());
                text.append(" leader ")
                        .append(state.leader())
                        .append(" activity ")
                        .append(state.activity());
            }
            text.append('\n');
        }
        return text.toString();
    }

    // The network

    private void deliver() {
        if (network.isEmpty()) {
            return;
        }
        int index = random.nextInt(network.size());
        Packet packet = network.get(index);
        int fate = random.nextInt(100);
        if (fate >= 10) {
            network.set(index, network.get(network.size() - 1));
            network.remove(network.size() - 1);
        }
        if (fate < 92 && !cut[packet.from()][packet.to()]) {
            arrive(packet);
        }
    }

    private void arrive(Packet packet) {
        input(nodes.get(packet.to()), new Event.Received(id(packet.from()), packet.clusterId(), packet.message()));
    }

    // The agents

    private void boot(Node node) {
        if (node.state == null) {
            node.queue.clear();
            node.events.clear();
            node.rejoining = false;
            carryOut(node, election.boot(node.disk, node.clock));
        }
    }

    private void input(Node node, Event event) {
        moment++;
        State state = node.state;
        if (state == null) {
            return;
        }
        Step step = election.step(prepared(state, event), event, node.clock);
        if (trace != null && !step.actions().isEmpty()) {
            trace.add(node.id + " " + state.role() + " " + event + " -> " + step.actions());
        }
        carryOut(node, step);
    }

    /** Remembers from now on what happens. */
    List<String> trace() {
        trace = new ArrayList<>();
        return trace;
    }

    /** Where a mutant is one of the election itself, the state is falsified before the step. */
    private State prepared(State state, Event event) {
        DurableState durable = state.durable();
        if (mutant == Mutant.DOUBLE_VOTE
                && event instanceof Event.Received received
                && received.message() instanceof Message.PromiseRequest request
                && request.epoch() == durable.epoch()
                && durable.promotedEpoch() < durable.epoch()) {
            return with(state, durable.inEpoch(durable.epoch() - 1, null));
        }
        State.Candidacy candidacy = state.candidacy();
        if (candidacy != null && (mutant == Mutant.PROMOTE_SELF || mutant == Mutant.COMPARE_LSN_ONLY)) {
            Map<NodeId, Message.Promise> promises = new HashMap<>();
            candidacy.promises().forEach((id, promise) -> promises.put(id, falsified(state, id, promise)));
            return new State(
                    durable,
                    state.role(),
                    state.database(),
                    state.position(),
                    state.receivingEpoch(),
                    state.leader(),
                    new State.Candidacy(
                            candidacy.epoch(),
                            candidacy.startedNanos(),
                            candidacy.sentNanos(),
                            candidacy.streamLost(),
                            candidacy.grants(),
                            promises),
                    state.activity(),
                    state.timers(),
                    state.diskFull());
        }
        return state;
    }

    private Message.Promise falsified(State state, NodeId id, Message.Promise promise) {
        Position position = promise.position();
        if (mutant == Mutant.PROMOTE_SELF) {
            position = id.equals(state.durable().self()) ? new Position(Position.MAX_TIMELINE, new Lsn(-1)) : position;
        } else {
            position = new Position(Math.min(1, position.timeline()), position.lsn());
        }
        return new Message.Promise(promise.epoch(), promise.incarnation(), position, promise.configuration());
    }

    private static State with(State state, DurableState durable) {
        return new State(
                durable,
                state.role(),
                state.database(),
                state.position(),
                state.receivingEpoch(),
                state.leader(),
                state.candidacy(),
                state.activity(),
                state.timers(),
                state.diskFull());
    }

    private void carryOut(Node node, Step step) {
        node.state = step.state();
        for (Action action : step.actions()) {
            if (!calm && random.nextInt(mutant == Mutant.PROMISE_NOT_FSYNCED ? 150 : 1500) == 0) {
                crashAgent(node);
                return;
            }
            if (action instanceof Action.Persist persist) {
                node.unflushedDisk = persist.durable();
                node.disk = mutant == Mutant.PROMISE_NOT_FSYNCED && random.nextInt(8) > 0
                        ? withoutPromise(persist.durable(), node.disk)
                        : persist.durable();
                if (mutant == Mutant.VOTES_WITH_INCOMPLETE_DATA
                        && persist.durable().dataIncomplete()) {
                    node.disk = persist.durable().withData(false);
                }
            } else if (action instanceof Action.Send send) {
                network.add(new Packet(
                        node.index, node(send.to()).index, node.unflushedDisk.clusterId(), falsified(send.message())));
            } else if (action instanceof Action.Postgres postgres) {
                node.queue.add(postgres);
            } else if (action instanceof Action.Publish publish
                    && publish.notice() instanceof Notice.ConfigurationChanged) {
                changes++;
            } else if (action instanceof Action.Answer answer && answer.refusal() == null) {
                switchovers += answer.id().equals("switchover") ? 1 : 0;
                if (answer.id().equals("force")) {
                    forced++;
                    forcedEpoch = Math.max(forcedEpoch, step.state().epoch());
                    acknowledged.clear();
                    highestAcknowledgedEpoch = 0;
                }
            }
        }
        mutateChange(node);
        while (network.size() > 300) {
            network.remove(random.nextInt(network.size()));
        }
    }

    private static DurableState withoutPromise(DurableState written, DurableState old) {
        return new DurableState(
                written.clusterId(),
                written.self(),
                written.kind(),
                written.incarnation(),
                old.epoch(),
                old.promisedTo(),
                old.nominated(),
                old.promotedEpoch(),
                written.configuration(),
                written.dataIncomplete());
    }

    private Message falsified(Message message) {
        if (mutant == Mutant.COMPARE_LSN_ONLY && message instanceof Message.Promise promise) {
            return new Message.Promise(
                    promise.epoch(),
                    promise.incarnation(),
                    new Position(
                            Math.min(1, promise.position().timeline()),
                            promise.position().lsn()),
                    promise.configuration());
        }
        return message;
    }

    /** Mutants of the order in which a configuration is changed. */
    private void mutateChange(Node node) {
        State state = node.state;
        State.Activity activity = state == null ? null : state.activity();
        State.Change change = activity == null ? null : activity.change();
        if (state == null || activity == null || change == null) {
            return;
        }
        SyncSetting target = change.to().syncSetting(node.id);
        if (mutant == Mutant.RELAX_BEFORE_STORED && change.phase() == State.Change.Phase.STORING) {
            if (!target.equals(node.sync)) {
                node.sync = target;
                acknowledge(node);
            }
        } else if (mutant == Mutant.CONFIGURATION_WITHOUT_MAJORITY && change.phase() == State.Change.Phase.STORING) {
            node.state = with(state, activity, null);
            if (!target.equals(node.sync)) {
                node.sync = target;
                acknowledge(node);
            }
        }
    }

    private static State with(State state, State.Activity activity, State.@Nullable Change change) {
        Draft draft = new Draft(activity);
        draft.change = change;
        return new State(
                state.durable(),
                state.role(),
                state.database(),
                state.position(),
                state.receivingEpoch(),
                state.leader(),
                state.candidacy(),
                draft.activity(),
                state.timers(),
                state.diskFull());
    }

    private void crashAgent(Node node) {
        node.state = null;
        node.unflushedDisk = node.disk;
        node.queue.clear();
        node.events.clear();
    }

    private void disaster(Node node) {
        switch (random.nextInt(9)) {
            case 0 -> crashAgent(node);
            case 1 -> {
                crashAgent(node);
                crashPostgres(node);
            }
            case 2 -> {
                if (node.mode != Mode.DOWN) {
                    crashPostgres(node);
                    node.events.add(new Event.PostgresDied("killed"));
                }
            }
            case 3 -> {
                if (operators && random.nextInt(3) == 0) {
                    loseEverything(node);
                }
            }
            case 4 -> node.diskFull = !node.diskFull;
            default -> boot(node);
        }
    }

    /** The machine is replaced by an empty one of the same name. */
    private void loseEverything(Node node) {
        if (node.disk.configuration().voters().size() < 3) {
            return;
        }
        boolean othersWhole = nodes.stream()
                .filter(other -> other != node && other.disk.kind() == MemberKind.DATA)
                .allMatch(other -> !other.broken && !other.disk.dataIncomplete() && other.disk.incarnation() < 1000);
        if (!othersWhole) {
            return;
        }
        crashAgent(node);
        crashPostgres(node);
        node.log = new WriteAheadLog();
        node.flushed = 0;
        node.broken = node.disk.kind() == MemberKind.DATA;
        node.disk = DurableState.joining(node.id, node.disk.kind(), 1000 + ++lastId);
        node.unflushedDisk = node.disk;
    }

    private void request(Node node) {
        if (!operators || node.state == null) {
            return;
        }
        Node other = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> input(node, new Event.Switchover("switchover", random.nextBoolean() ? null : other.id));
            case 3 -> input(node, new Event.SetPaused("pause", random.nextInt(3) == 0));
            case 4 -> input(node, new Event.Leave("leave", other.id));
            case 5, 6 -> input(node, new Event.Join("join", other.id, other.disk.kind(), 0));
            case 7 -> input(node, new Event.Campaign("campaign"));
            default -> {
                if (random.nextInt(4) == 0) {
                    input(node, new Event.Reinit("reinit"));
                } else if (random.nextInt(4) == 0) {
                    input(node, new Event.Force("force", Set.of()));
                }
            }
        }
    }

    /** Whom operators mostly ask. */
    private Optional<Node> active() {
        return random.nextInt(4) == 0
                ? Optional.empty()
                : nodes.stream()
                        .filter(node -> node.state != null && node.state.role() == Role.ACTIVE)
                        .findAny();
    }

    // PostgreSQL

    private void crashPostgres(Node node) {
        if (node.mode == Mode.PRIMARY) {
            node.log.truncate(node.flushed);
        }
        stopPostgres(node);
    }

    private void stopPostgres(Node node) {
        node.mode = Mode.DOWN;
        node.generation++;
        node.unacknowledged.clear();
        node.epochRow = -1;
        node.draining = false;
        node.flushed = node.log.size();
        stopReceiving(node);
        connections.removeIf(connection -> connection.primary == node);
    }

    private void stopReceiving(Node node) {
        Connection connection = node.connection;
        if (connection != null) {
            connection.closedByStandby = true;
        }
        node.connection = null;
        node.upstream = -1;
    }

    /** The next of the queued actions. */
    private void execute(Node node) {
        Action.Postgres action = node.queue.peek();
        if (action == null || node.state == null) {
            return;
        }
        if (action instanceof Action.Rejoin rejoin) {
            if (!node.rejoining && !node.broken && random.nextInt(4) == 0) {
                node.queue.remove();
                stopPostgres(node);
                node.events.add(new Event.RejoinFailed(rejoin.epoch(), "not reachable", true));
                return;
            }
            if (!node.rejoining) {
                node.rejoining = true;
                stopPostgres(node);
                node.broken = true;
                if (mutant == Mutant.VOTES_WITH_INCOMPLETE_DATA) {
                    node.log.truncate(1 + random.nextInt(node.log.size() + 1));
                    node.flushed = node.log.size();
                }
                return;
            }
            node.rejoining = false;
            node.queue.remove();
            rejoin(node, rejoin);
            return;
        }
        node.queue.remove();
        if (action instanceof Action.SetSync set) {
            setSync(node, set.setting());
            node.events.add(new Event.SyncApplied(set.setting(), new Lsn(node.log.size())));
        } else if (action instanceof Action.StartStandby || action instanceof Action.StepDown) {
            if (node.broken) {
                throw new Violation(node.id + " starts with incomplete data");
            }
            stopPostgres(node);
            node.mode = Mode.STANDBY;
            node.received = 0;
            node.events.add(new Event.StandbyStarted(CLUSTER, node.log.position()));
        } else if (node.mode == Mode.DOWN) {
            return;
        } else if (action instanceof Action.StopReceiver stop) {
            if (mutant != Mutant.RECEIVER_NOT_STOPPED) {
                stopReceiving(node);
            }
            int lsn = mutant == Mutant.RECEIVED_POSITION_ALONE ? node.received : node.log.size();
            node.events.add(new Event.ReceiverStopped(stop.epoch(), new Position(node.log.timeline(), new Lsn(lsn))));
        } else if (action instanceof Action.Promote promote) {
            promote(node, promote);
        } else if (action instanceof Action.CommitEpoch) {
            if (node.mode == Mode.PRIMARY) {
                node.log.append(node.log.timeline(), ++lastId);
                node.flushed = node.log.size();
                node.epochRow = node.log.size();
                acknowledge(node);
            }
        } else if (action instanceof Action.Follow follow) {
            if (node.mode == Mode.STANDBY) {
                stopReceiving(node);
                node.upstream = node(follow.upstream()).index;
                node.received = node.log.size() / SEGMENT * SEGMENT;
            }
        } else if (action instanceof Action.Drain drain) {
            node.draining = true;
            node.events.add(new Event.Drained(drain.epoch(), new Lsn(node.log.size())));
        } else if (action instanceof Action.Undrain) {
            node.draining = false;
        }
    }

    private void setSync(Node node, SyncSetting setting) {
        node.sync = mutant == Mutant.ASYNCHRONOUS ? new SyncSetting(0, List.of()) : setting;
        acknowledge(node);
    }

    private void promote(Node node, Action.Promote promote) {
        long epoch = promote.epoch();
        if (node.mode != Mode.STANDBY) {
            node.events.add(new Event.PromotionFailed(epoch, "not a standby"));
            return;
        }
        setSync(node, promote.sync());
        stopReceiving(node);
        long timeline = mutant == Mutant.TIMELINE_PLUS_ONE ? node.log.timeline() + 1 : epoch;
        if (timeline <= node.log.timeline()) {
            throw new Violation(node.id + " promotes to timeline " + timeline + " from " + node.log.position());
        }
        if (promotions.putIfAbsent(epoch, node.id) != null) {
            throw new Violation("a second promotion in epoch " + epoch + ", by " + node.id);
        }
        node.log.append(timeline, ++lastId);
        node.flushed = node.log.size();
        node.mode = Mode.PRIMARY;
        node.generation++;
        connections.removeIf(connection -> connection.primary == node);
        for (Acknowledged write : acknowledged) {
            if (write.epoch() < epoch && !node.log.contains(write.index(), write.id())) {
                throw new Violation("write " + write + " is not on " + node.id + ", promoted in epoch " + epoch);
            }
        }
        node.events.add(new Event.Promoted(epoch, node.log.history(), new Lsn(node.log.size())));
    }

    private void rejoin(Node node, Action.Rejoin rejoin) {
        Node upstream = node(rejoin.upstream());
        boolean reachable = upstream.mode == Mode.PRIMARY
                && (mutant == Mutant.TIMELINE_PLUS_ONE || upstream.log.timeline() == rejoin.epoch())
                && !cut[node.index][upstream.index];
        if (!reachable) {
            node.events.add(new Event.RejoinFailed(rejoin.epoch(), "the upstream does not answer"));
            return;
        }
        boolean sameTimeline = node.log.timeline() == upstream.log.timeline();
        if (rejoin.copy() || !sameTimeline) {
            node.log = new WriteAheadLog();
        }
        node.log.receive(upstream.log, upstream.flushed);
        node.flushed = node.log.size();
        node.broken = false;
        node.mode = Mode.STANDBY;
        node.received = node.log.size();
        node.upstream = upstream.index;
        node.events.add(new Event.Rejoined(rejoin.epoch(), node.log.position()));
    }

    /** An end of an action is told. */
    private void report(Node node) {
        Event event = node.events.poll();
        if (event != null) {
            input(node, event);
        }
    }

    /** The standby's receiver takes what its upstream sends, if PostgreSQL finds their timelines compatible. */
    private void stream(Node standby, int records) {
        if (standby.mode != Mode.STANDBY || standby.upstream < 0 || standby.upstream == standby.index) {
            return;
        }
        Node primary = nodes.get(standby.upstream);
        Connection connection = standby.connection;
        if (connection != null && !connection.alive()) {
            standby.connection = null;
            connection = null;
        }
        if (primary.mode == Mode.DOWN || cut[primary.index][standby.index] || cut[standby.index][primary.index]) {
            return;
        }
        int end = primary.log.endOf(standby.log.timeline());
        if (end < standby.log.size() || standby.log.size() > primary.flushed) {
            standby.connection = null;
            return;
        }
        if (!standby.log.agreesWith(primary.log)) {
            throw new Violation(standby.id + " streams from " + primary.id + " another history of the same timeline");
        }
        if (connection == null) {
            connections.removeIf(old -> old.primary == primary && old.standby == standby);
            connection = new Connection(primary, standby);
            connections.add(connection);
            standby.connection = connection;
        }
        standby.log.receive(primary.log, Math.min(primary.flushed, standby.log.size() + records));
        standby.flushed = standby.log.size();
        standby.received = standby.log.size();
        connection.replies.add(standby.log.size());
    }

    private void reply() {
        if (!connections.isEmpty() && random.nextInt(20) == 0) {
            connections.remove(random.nextInt(connections.size())).broken = true;
        } else if (!connections.isEmpty()) {
            reply(connections.get(random.nextInt(connections.size())));
        }
    }

    /** The primary learns what the standby has flushed, or that it has gone. */
    private void reply(Connection connection) {
        if (!connection.alive() || connection.replies.isEmpty() && connection.closedByStandby) {
            connections.remove(connection);
        } else if (!connection.replies.isEmpty()) {
            connection.known = Math.max(connection.known, connection.replies.remove());
            acknowledge(connection.primary);
        }
    }

    private void write(Node node) {
        if (node.mode != Mode.PRIMARY || node.draining || node.diskFull) {
            return;
        }
        node.log.append(node.log.timeline(), ++lastId);
        node.unacknowledged.add(new Write(lastId, node.log.size() - 1, ++moment));
        if (random.nextInt(4) > 0) {
            node.flushed = node.log.size();
            acknowledge(node);
        }
    }

    /** Tells the clients of a primary what has reached enough standbys. */
    private void acknowledge(Node node) {
        if (node.mode != Mode.PRIMARY) {
            return;
        }
        if (node.epochRow > 0 && isSafe(node, node.epochRow)) {
            node.epochRow = -1;
            node.events.add(new Event.EpochCommitted(node.log.timeline()));
        }
        while (!node.unacknowledged.isEmpty()
                && isSafe(node, node.unacknowledged.get(0).index() + 1)) {
            acknowledge(node, node.unacknowledged.remove(0));
        }
    }

    private void acknowledge(Node node, Write write) {
        long epoch = node.log.timeline();
        moment++;
        acknowledgements++;
        if (epoch < forcedEpoch) {
            return;
        }
        if (epoch < highestAcknowledgedEpoch && write.startedAt() > highestAcknowledgedAt) {
            throw new Violation("epoch " + epoch + " acknowledges a write that began after one of epoch "
                    + highestAcknowledgedEpoch + " was acknowledged");
        }
        if (epoch > highestAcknowledgedEpoch) {
            highestAcknowledgedEpoch = epoch;
            highestAcknowledgedAt = moment;
        }
        acknowledged.add(new Acknowledged(write.id(), write.index(), epoch));
        for (Node other : nodes) {
            if (other.mode == Mode.PRIMARY
                    && other.log.timeline() > epoch
                    && !other.log.contains(write.index(), write.id())) {
                throw new Violation("write " + write + " is acknowledged in epoch " + epoch + " and is not on "
                        + other.id + ", promoted in epoch " + other.log.timeline());
            }
        }
    }

    private boolean isSafe(Node node, int lsn) {
        if (lsn > node.flushed) {
            return false;
        }
        int count = 0;
        for (NodeId standby : node.sync.standbys()) {
            for (Connection connection : connections) {
                if (connection.primary == node
                        && connection.alive()
                        && connection.standby.id.equals(standby)
                        && connection.known >= lsn) {
                    count++;
                    break;
                }
            }
        }
        return count >= node.sync.required();
    }

    private void probe(Node node) {
        if (node.mode == Mode.PRIMARY) {
            Map<NodeId, Lsn> standbys = new HashMap<>();
            for (Connection connection : connections) {
                if (connection.primary == node && connection.alive() && !connection.closedByStandby) {
                    int known = mutant == Mutant.IN_SYNC_BEFORE_CAUGHT_UP ? node.log.size() : connection.known;
                    standbys.put(connection.standby.id, new Lsn(Math.max(0, known)));
                }
            }
            input(node, new Event.Probed(true, node.log.position(), false, standbys, node.diskFull));
        } else if (node.mode == Mode.STANDBY) {
            boolean streaming = node.connection != null && node.connection.alive();
            input(node, new Event.Probed(false, node.log.position(), streaming, Map.of(), node.diskFull));
        }
    }
}
