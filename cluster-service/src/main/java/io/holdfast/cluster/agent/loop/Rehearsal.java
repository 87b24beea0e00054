package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.agent.codec.ElectionJson;
import io.holdfast.cluster.agent.codec.ElectionJson.Parcel;
import io.holdfast.cluster.election.Action;
import io.holdfast.cluster.election.DurableState;
import io.holdfast.cluster.election.Election;
import io.holdfast.cluster.election.Event;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Member;
import io.holdfast.cluster.election.MemberKind;
import io.holdfast.cluster.election.Message;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.election.Settings;
import io.holdfast.cluster.election.State;
import io.holdfast.cluster.election.Step;
import io.holdfast.cluster.election.TimelineSwitch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays a cluster of three through its elections, in memory and in times of its own: a cluster that begins, a switchover, a crash. A
 * process that has never elected has neither loaded nor compiled the code for it, and would do so while nobody can write; most agents elect
 * seldom.
 */
public final class Rehearsal {

    private static final long CLUSTER = 1;
    private static final Lsn LSN = new Lsn(100);
    private static final List<NodeId> NODES = List.of(new NodeId("n1"), new NodeId("n2"), new NodeId("n3"));
    /** Of a quarter of a heartbeat each; far more than the three elections take. */
    private static final int MOST_ROUNDS = 1_000;

    private final Election election;
    private final long roundNanos;
    private final Map<NodeId, State> alive = new LinkedHashMap<>();
    private final Map<NodeId, Position> positions = new HashMap<>();
    private final List<TimelineSwitch> history = new ArrayList<>();
    private final Deque<Delivery> mail = new ArrayDeque<>();
    private long now;
    private int rounds;

    private record Delivery(NodeId to, Event event) {}

    private Rehearsal(Settings rules) {
        this.election = new Election(rules);
        this.roundNanos = rules.heartbeatNanos() / 4;
    }

    /** Plays it, for some hundred milliseconds of a processor. @return the last epoch in which a node became active */
    public static long play(Settings rules) {
        return new Rehearsal(rules).play();
    }

    private long play() {
        begin();
        until(() -> active() != null
                && state(NODES.get(0)).durable().configuration().voters().size() == NODES.size());
        NodeId first = active();
        if (first != null) {
            handle(first, new Event.Switchover("rehearsal", null));
            until(() -> active() != null && !first.equals(active()));
        }
        NodeId second = active();
        if (second != null) {
            alive.remove(second);
            until(() -> active() != null);
        }
        NodeId last = active();
        return last == null ? 0 : state(last).epoch();
    }

    private State state(NodeId node) {
        return Objects.requireNonNull(alive.get(node), "a node that lives has a state");
    }

    private void begin() {
        List<Member> joining = NODES.stream()
                .skip(1)
                .map(id -> Member.joining(id, MemberKind.DATA, 0))
                .toList();
        long incarnation = 1;
        for (NodeId node : NODES) {
            DurableState durable = incarnation == 1
                    ? DurableState.first(CLUSTER, node, incarnation, 0, joining)
                    : DurableState.joining(node, MemberKind.DATA, incarnation);
            incarnation++;
            positions.put(node, new Position(1, LSN));
            carryOut(node, election.boot(durable, now));
        }
    }

    private void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean() && rounds++ < MOST_ROUNDS) {
            now += roundNanos;
            for (NodeId node : List.copyOf(alive.keySet())) {
                handle(node, probed(node));
                handle(node, new Event.Tick());
            }
            while (!mail.isEmpty()) {
                Delivery next = mail.remove();
                handle(next.to(), next.event());
            }
        }
    }

    private Event probed(NodeId node) {
        State state = state(node);
        boolean primary = state.role() == Role.ACTIVE || state.role() == Role.ACTIVE_STARTING;
        Map<NodeId, Lsn> standbys = new HashMap<>();
        if (primary) {
            Set<NodeId> others = new HashSet<>(alive.keySet());
            others.remove(node);
            others.forEach(other -> standbys.put(other, LSN));
        }
        State.Leader leader = state.leader();
        boolean streaming = leader != null && alive.containsKey(leader.id());
        return new Event.Probed(primary, positions.getOrDefault(node, Position.NONE), streaming, standbys);
    }

    private void handle(NodeId node, Event event) {
        State state = alive.get(node);
        if (state != null) {
            carryOut(node, election.step(state, event, now));
        }
    }

    private void carryOut(NodeId node, Step step) {
        alive.put(node, step.state());
        for (Action action : step.actions()) {
            if (action instanceof Action.Persist persist) {
                ElectionJson.durableState(ElectionJson.write(persist.durable()), "the rehearsal");
            } else if (action instanceof Action.Send send) {
                mail.add(new Delivery(send.to(), new Event.Received(node, CLUSTER, overTheWire(send))));
            } else if (action instanceof Action.Postgres postgres) {
                Event end = ended(node, postgres);
                if (end != null) {
                    mail.add(new Delivery(node, end));
                }
            }
        }
    }

    private static Message overTheWire(Action.Send send) {
        try {
            return ElectionJson.parcel(ElectionJson.write(new Parcel(CLUSTER, send.message(), List.of())))
                    .message();
        } catch (ElectionJson.Unreadable e) {
            throw new IllegalStateException("a message that its own writer cannot read: " + send, e);
        }
    }

    private @Nullable Event ended(NodeId node, Action.Postgres action) {
        Position position = positions.getOrDefault(node, Position.NONE);
        if (action instanceof Action.StartStandby || action instanceof Action.StepDown) {
            return new Event.StandbyStarted(CLUSTER, position);
        } else if (action instanceof Action.StopReceiver stop) {
            return new Event.ReceiverStopped(stop.epoch(), position);
        } else if (action instanceof Action.Promote promote) {
            history.add(new TimelineSwitch(promote.epoch(), position.timeline(), LSN));
            positions.put(node, new Position(promote.epoch(), LSN));
            return new Event.Promoted(promote.epoch(), history, LSN);
        } else if (action instanceof Action.CommitEpoch commit) {
            return new Event.EpochCommitted(commit.epoch());
        } else if (action instanceof Action.Follow follow) {
            positions.put(node, new Position(follow.epoch(), LSN));
            return null;
        } else if (action instanceof Action.Rejoin rejoin) {
            positions.put(node, new Position(rejoin.epoch(), LSN));
            return new Event.Rejoined(rejoin.epoch(), new Position(rejoin.epoch(), LSN));
        } else if (action instanceof Action.SetSync set) {
            return new Event.SyncApplied(set.setting(), LSN);
        } else if (action instanceof Action.Drain drain) {
            return new Event.Drained(drain.epoch(), LSN);
        }
        return null;
    }

    private @Nullable NodeId active() {
        for (Map.Entry<NodeId, State> node : alive.entrySet()) {
            if (node.getValue().role() == Role.ACTIVE) {
                return node.getKey();
            }
        }
        return null;
    }
}
