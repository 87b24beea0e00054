package io.holdfast.cluster.election;

import io.holdfast.cluster.election.Message.Heartbeat;
import io.holdfast.cluster.election.Message.HeartbeatAnswer;
import io.holdfast.cluster.election.Message.Nomination;
import io.holdfast.cluster.election.Message.PrevoteAnswer;
import io.holdfast.cluster.election.Message.PrevoteRequest;
import io.holdfast.cluster.election.Message.Promise;
import io.holdfast.cluster.election.Message.PromiseRequest;
import io.holdfast.cluster.election.Message.Resignation;
import io.holdfast.cluster.election.Message.Stale;

/**
 * The protocol of {@code docs/cluster-protocol.md}: a quorum of promises elects the node with the newest PostgreSQL state. Pure: the same
 * state, event and time give the same step. Safe whatever the times are, however messages are lost, doubled or late, and whenever a node
 * ends, as long as the actions are carried out as {@link Action} says.
 */
public final class Election {

    private final Settings settings;

    public Election(Settings settings) {
        this.settings = settings;
    }

    /**
     * The first step of a process: as a standby, whatever the node was before.
     *
     * @param durable what is on disk
     * @param now monotonic nanoseconds
     */
    public Step boot(DurableState durable, long now) {
        Turn turn = Turn.boot(settings, durable, now);
        new Following(turn).boot();
        return turn.end();
    }

    /**
     * What an event leads to.
     *
     * @param now monotonic nanoseconds, never less than in the step before
     */
    public Step step(State state, Event event, long now) {
        Turn turn = new Turn(settings, state, now);
        if (event instanceof Event.Received received) {
            received(turn, received);
        } else if (event instanceof Event.Tick) {
            if (turn.serving()) {
                new Serving(turn).tick();
            } else {
                new Following(turn).tick();
                new Voting(turn).tick();
            }
        } else if (event instanceof Event.Request request) {
            requested(turn, request);
        } else {
            local(turn, event);
        }
        return turn.end();
    }

    private static void received(Turn turn, Event.Received received) {
        NodeId from = received.from();
        if (from.equals(turn.self())) {
            return;
        }
        long clusterId = turn.durable().clusterId();
        if (clusterId != 0 && received.clusterId() != 0 && clusterId != received.clusterId()) {
            turn.publish(new Notice.ForeignCluster(from, received.clusterId()));
            return;
        }
        Message message = received.message();
        if (message instanceof Heartbeat heartbeat) {
            new Following(turn).heartbeat(from, received.clusterId(), heartbeat);
        } else if (message instanceof HeartbeatAnswer answer) {
            new Serving(turn).answer(from, answer);
        } else if (message instanceof PrevoteRequest request) {
            new Voting(turn).prevoteRequest(from, request);
        } else if (message instanceof PrevoteAnswer answer) {
            new Voting(turn).prevoteAnswer(from, answer);
        } else if (message instanceof PromiseRequest request) {
            new Voting(turn).promiseRequest(from, request);
        } else if (message instanceof Promise promise) {
            new Voting(turn).promise(from, promise);
        } else if (message instanceof Nomination nomination) {
            new Voting(turn).nomination(from, nomination);
        } else if (message instanceof Stale stale) {
            new Voting(turn).stale(stale);
        } else if (message instanceof Resignation resignation) {
            new Following(turn).resignation(from, resignation);
            if (!turn.serving()) {
                new Voting(turn).tick(); // whoever comes first stands at once
            }
        }
    }

    private static void local(Turn turn, Event event) {
        if (event instanceof Event.Probed probed) {
            turn.probed(probed.diskFull());
            if (turn.serving()) {
                new Serving(turn).probed(probed);
            } else {
                new Following(turn).probed(probed);
            }
        } else if (event instanceof Event.StandbyStarted started) {
            new Following(turn).standbyStarted(started);
        } else if (event instanceof Event.PostgresDied died) {
            new Following(turn).postgresDied(died.reason());
        } else if (event instanceof Event.DataMissing missing) {
            new Following(turn).dataMissing(missing.reason());
        } else if (event instanceof Event.ReceiverStopped stopped) {
            new Following(turn).receiverStopped(stopped.position());
        } else if (event instanceof Event.Rejoined rejoined) {
            new Following(turn).rejoined(rejoined);
        } else if (event instanceof Event.RejoinFailed failed) {
            new Following(turn).rejoinFailed(failed);
        } else if (event instanceof Event.Promoted promoted) {
            new Serving(turn).promoted(promoted);
        } else if (event instanceof Event.PromotionFailed failed) {
            new Serving(turn).promotionFailed(failed);
        } else if (event instanceof Event.EpochCommitted committed) {
            new Serving(turn).epochCommitted(committed.epoch());
        } else if (event instanceof Event.SyncApplied applied) {
            new Serving(turn).syncApplied(applied);
        } else if (event instanceof Event.Drained drained) {
            new Serving(turn).drained(drained);
        }
    }

    private static void requested(Turn turn, Event.Request request) {
        if (request instanceof Event.Campaign campaign) {
            new Voting(turn).campaign(campaign.id());
        } else if (request instanceof Event.Force force) {
            new Voting(turn).force(force);
        } else if (request instanceof Event.Reinit reinit) {
            new Following(turn).reinit(reinit.id());
        } else {
            new Serving(turn).requested(request);
        }
    }
}
