package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.agent.AgentSettings;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.election.Action;
import io.holdfast.cluster.election.Event;
import io.holdfast.cluster.election.NodeId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what the election wants of PostgreSQL, in order, on a thread of its own, and looks at PostgreSQL on another. Each end
 * comes back as an event.
 */
public final class DatabaseActions implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DatabaseActions.class);
    private static final Duration RETRY = Duration.ofMillis(300);
    /** While a switchover waits for its target, nobody can write. */
    private static final Duration HURRIED = Duration.ofMillis(5);

    /** Clients come back at once: within this time most of them have their connections and their first answers. */
    private static final Duration SETTLING = Duration.ofMillis(300);

    private final Optional<NodeDatabase> database;
    private final AddressBook addresses;
    private final Duration probeEvery;
    private final Duration othersLimit;
    private final Consumer<Event> events;
    private final Consumer<Throwable> onFatal;
    private final LinkedBlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
    private final ExecutorService fencing = Executors.newSingleThreadExecutor(work -> daemon(work, "fence"));
    private final ScheduledExecutorService later =
            Executors.newSingleThreadScheduledExecutor(work -> daemon(work, "postgres-later"));
    private final AtomicLong generation = new AtomicLong();
    private final Thread worker;
    private final Thread prober;
    /** Given when the probe shall look at once. */
    private final Semaphore hurry = new Semaphore(0);

    private final Object served = new Object();
    private volatile boolean servedByAnother;
    private volatile boolean restarting;
    private volatile boolean hurried;
    private volatile boolean closed;
    private int syncFailures;
    private volatile @Nullable Look lastLook;

    private record Queued(Action.Postgres action, long generation) {}

    /** A successful look. @param atNanos monotonic */
    public record Look(NodeDatabase.Probe probe, long atNanos) {}

    DatabaseActions(
            Optional<NodeDatabase> database,
            AddressBook addresses,
            AgentSettings.Timings timings,
            Consumer<Event> events,
            Consumer<Throwable> onFatal) {
        this.database = database;
        this.addresses = addresses;
        this.probeEvery = timings.probe();
        this.othersLimit = timings.electionTimeout();
        this.events = events;
        this.onFatal = onFatal;
        this.worker = daemon(this::work, "postgres");
        this.prober = daemon(this::probe, "probe");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        if (database.isPresent()) {
            database.get().onDeath(hurry::release);
            worker.start();
            prober.start();
        }
    }

    Optional<Look> lastLook() {
        return Optional.ofNullable(lastLook);
    }

    /** Queues it. A step down makes all before it pointless: clients are cut off at once, and what waits or runs is given up. */
    void carryOut(Action.Postgres action) {
        if (database.isEmpty()) {
            throw new IllegalStateException("a witness has no PostgreSQL, asked for " + action);
        }
        if (action instanceof Action.StepDown) {
            NodeDatabase mine = database.get();
            generation.incrementAndGet();
            restarting = true;
            hurried = false;
            mine.abort();
            fencing.execute(mine::fence);
        }
        queue.add(new Queued(action, generation.get()));
    }

    private void work() {
        NodeDatabase mine = database.orElseThrow();
        try {
            while (!closed) {
                Queued next = queue.take();
                if (next.generation() == generation.get()) {
                    carryOut(mine, next.action());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            onFatal.accept(e);
        }
    }

    private void carryOut(NodeDatabase mine, Action.Postgres action) throws InterruptedException {
        long before = System.nanoTime();
        try {
            if (action instanceof Action.StartStandby) {
                start(mine);
            } else if (action instanceof Action.StepDown down) {
                stepDown(mine, down.unneeded());
            } else if (action instanceof Action.StopReceiver stop) {
                events.accept(new Event.ReceiverStopped(stop.epoch(), mine.stopReceiver()));
            } else if (action instanceof Action.Promote promote) {
                promote(mine, promote);
            } else if (action instanceof Action.CommitEpoch commit) {
                commit(mine, commit.epoch());
            } else if (action instanceof Action.Follow follow) {
                mine.follow(address(follow.upstream()), follow.epoch());
            } else if (action instanceof Action.Rejoin rejoin) {
                rejoin(mine, rejoin);
            } else if (action instanceof Action.SetSync set) {
                setSync(mine, set);
            } else if (action instanceof Action.Drain drain) {
                drain(mine, drain.epoch());
            } else if (action instanceof Action.Undrain) {
                hurried = false;
                mine.undrain();
            }
        } catch (NodeDatabase.Failed e) {
            failed(action, e);
            events.accept(new Event.PostgresDied(e.getMessage()));
        } finally {
            long millis = (System.nanoTime() - before) / 1_000_000;
            if (!(action instanceof Action.SetSync)) {
                LOG.infof("%s took %d ms", action, millis);
            }
        }
    }

    /** Told whenever it may have changed. @param byAnother whether another node serves clients */
    void served(boolean byAnother) {
        if (byAnother != servedByAnother) {
            synchronized (served) {
                servedByAnother = byAnother;
                served.notifyAll();
            }
        }
    }

    /** Until another node has served for a moment, so that neither its election nor the clients that come back wait for this server. */
    private void awaitOthers() throws InterruptedException {
        long until = System.nanoTime() + othersLimit.toNanos();
        synchronized (served) {
            while (!servedByAnother && !closed) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                TimeUnit.NANOSECONDS.timedWait(served, left);
            }
        }
        TimeUnit.MILLISECONDS.sleep(SETTLING.toMillis());
    }

    /** @param unneeded see {@link Action.StepDown} */
    private void stepDown(NodeDatabase mine, boolean unneeded) throws NodeDatabase.Failed, InterruptedException {
        restarting = true;
        try {
            mine.stop();
            if (unneeded) {
                awaitOthers();
            }
            startStandby(mine);
        } finally {
            restarting = false;
        }
    }

    private void start(NodeDatabase mine) throws NodeDatabase.Failed, InterruptedException {
        restarting = true;
        try {
            startStandby(mine);
        } finally {
            restarting = false;
        }
    }

    private void startStandby(NodeDatabase mine) throws NodeDatabase.Failed, InterruptedException {
        try {
            NodeDatabase.Started started = mine.startStandby();
            events.accept(new Event.StandbyStarted(started.clusterId(), started.position()));
        } catch (NodeDatabase.NoData e) {
            LOG.infof("no usable data directory: %s", e.getMessage());
            events.accept(new Event.DataMissing(e.getMessage()));
        }
    }

    private void promote(NodeDatabase mine, Action.Promote action) throws InterruptedException {
        try {
            NodeDatabase.Promoted promoted = mine.promote(action.epoch(), action.sync());
            events.accept(new Event.Promoted(action.epoch(), promoted.history(), promoted.lsn()));
        } catch (NodeDatabase.Failed e) {
            failed(action, e);
            events.accept(new Event.PromotionFailed(action.epoch(), e.getMessage()));
        }
    }

    private void commit(NodeDatabase mine, long epoch) throws InterruptedException {
        try {
            mine.commitEpoch(epoch);
            events.accept(new Event.EpochCommitted(epoch));
        } catch (NodeDatabase.Failed e) {
            failed(new Action.CommitEpoch(epoch), e);
            events.accept(new Event.PromotionFailed(epoch, e.getMessage()));
        }
    }

    private void rejoin(NodeDatabase mine, Action.Rejoin action) throws InterruptedException {
        restarting = true;
        try {
            events.accept(new Event.Rejoined(
                    action.epoch(), mine.rejoin(address(action.upstream()), action.epoch(), action.copy())));
        } catch (NodeDatabase.Failed e) {
            failed(action, e);
            events.accept(new Event.RejoinFailed(action.epoch(), e.getMessage(), mine.hasUsableData()));
        } finally {
            restarting = false;
        }
    }

    /** Tried again later where PostgreSQL does not take it now, behind what waits: it may be what starts PostgreSQL. */
    private void setSync(NodeDatabase mine, Action.SetSync action) throws InterruptedException {
        try {
            events.accept(new Event.SyncApplied(action.setting(), mine.setSync(action.setting())));
            syncFailures = 0;
        } catch (NodeDatabase.Failed e) {
            if (syncFailures++ % 20 == 0) {
                LOG.warnf("commits do not wait by %s yet: %s", action.setting(), e.getMessage());
            }
            Queued again = new Queued(action, generation.get());
            later.schedule(
                    () -> {
                        if (queue.stream()
                                .noneMatch(next -> next.action() instanceof Action.SetSync
                                        || next.action() instanceof Action.Promote)) {
                            queue.add(again);
                        }
                    },
                    RETRY.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void drain(NodeDatabase mine, long epoch) throws InterruptedException {
        try {
            events.accept(new Event.Drained(epoch, mine.drain()));
            hurried = true;
            hurry.release();
        } catch (NodeDatabase.Failed e) {
            // the election gives the switchover up when its time is over
            failed(new Action.Drain(epoch), e);
        }
    }

    private static void failed(Action.Postgres action, NodeDatabase.Failed reason) {
        LOG.warnf("PostgreSQL: %s failed: %s", action, reason.getMessage());
        LOG.debugf(reason, "cause");
    }

    private MemberAddress address(NodeId node) throws NodeDatabase.Failed {
        return addresses
                .of(node)
                .filter(address -> !address.isWitness())
                .orElseThrow(() -> new NodeDatabase.Failed("the address of " + node + "'s database is not known here"));
    }

    private void probe() {
        NodeDatabase mine = database.orElseThrow();
        boolean seenAlive = false;
        try {
            while (!closed) {
                long before = System.nanoTime();
                if (restarting) {
                    seenAlive = false;
                } else if (!mine.isRunning()) {
                    if (seenAlive && !restarting) {
                        LOG.warn("PostgreSQL has ended");
                        events.accept(new Event.PostgresDied("PostgreSQL has ended"));
                    }
                    seenAlive = false;
                } else {
                    seenAlive = true;
                    look(mine);
                }
                long every = hurried ? Math.min(HURRIED.toNanos(), probeEvery.toNanos()) : probeEvery.toNanos();
                if (hurry.tryAcquire(every - (System.nanoTime() - before), TimeUnit.NANOSECONDS)) {
                    hurry.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            onFatal.accept(e);
        }
    }

    private void look(NodeDatabase mine) throws InterruptedException {
        try {
            NodeDatabase.Probe probe = mine.probe();
            if (!restarting) {
                lastLook = new Look(probe, System.nanoTime());
                events.accept(new Event.Probed(
                        probe.primary(), probe.position(), probe.streaming(), probe.standbys(), probe.diskFull()));
            }
        } catch (NodeDatabase.Failed e) {
            LOG.debugf("PostgreSQL does not answer the probe: %s", e.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        worker.interrupt();
        prober.interrupt();
        fencing.shutdownNow();
        later.shutdownNow();
    }
}
