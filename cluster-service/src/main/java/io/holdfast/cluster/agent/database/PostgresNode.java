package io.holdfast.cluster.agent.database;

import io.holdfast.cluster.agent.AgentSettings;
import io.holdfast.cluster.agent.ClusterKey;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.loop.NodeDatabase;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.SyncSetting;
import io.holdfast.cluster.election.TimelineSwitch;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.PostgresStatus;
import io.holdfast.cluster.postgres.Promotion;
import io.holdfast.cluster.postgres.RejoinReport;
import io.holdfast.cluster.postgres.StandbyStatus;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.cluster.postgres.Upstream;
import io.holdfast.cluster.postgres.server.LocalPostgres;
import io.holdfast.cluster.postgres.server.PostgresBinaries;
import io.holdfast.contracts.errors.ManagerException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** The node's own PostgreSQL, for the loop. Sees also to what an active has to do now and then: a checkpoint and the safety slot. */
public final class PostgresNode implements NodeDatabase, AutoCloseable {

    /** The product's database and the role that owns it. */
    public static final String DATABASE = "holdfast";

    private static final Logger LOG = Logger.getLogger(PostgresNode.class);

    private static final Duration REPLAY = Duration.ofSeconds(30);
    private static final Duration PROMOTION = Duration.ofSeconds(15);
    private static final Duration COMMIT = Duration.ofSeconds(15);
    private static final Duration CHANGE = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    /** Not at the moment when all clients come back. */
    private static final Duration CHECKPOINT_AFTER = Duration.ofMillis(500);

    private static final Duration SLOT_EVERY = Duration.ofSeconds(2);
    private static final Duration WARM_EVERY = Duration.ofSeconds(1);

    private final LocalPostgres postgres;
    private final DiskRoom room;
    private final Consumer<RejoinReport> onRejoin;
    private final ScheduledExecutorService housekeeping = background("housekeeping");
    /** Apart from the checkpoint after a promotion, which may take long: the next election does not wait for it. */
    private final ScheduledExecutorService warming = background("warming");

    private volatile boolean waitsForQuorum;
    private volatile boolean aborted;
    private volatile boolean active;

    /** @param onRejoin told how the node came back, from the loop's database thread */
    public PostgresNode(AgentSettings settings, LocalPostgres postgres, Consumer<RejoinReport> onRejoin) {
        this.postgres = postgres;
        this.room = new DiskRoom(settings.dataDirectory(), settings.diskReserveBytes());
        this.onRejoin = onRejoin;
        housekeeping.scheduleWithFixedDelay(
                this::advanceSlot, SLOT_EVERY.toMillis(), SLOT_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        warming.scheduleWithFixedDelay(this::warm, 0, WARM_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService background(String name) {
        return Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The PostgreSQL that the agent's settings describe. Starts nothing. */
    public static LocalPostgres open(AgentSettings settings, ClusterKey key) {
        PostgresBinaries binaries = settings.postgresBin().equals(settings.nodeDirectory())
                ? PostgresBinaries.newest()
                : PostgresBinaries.at(settings.postgresBin());
        List<NodeId> others = new ArrayList<>();
        for (MemberAddress member : settings.members()) {
            if (!member.id().equals(settings.nodeId()) && !member.isWitness()) {
                others.add(new NodeId(member.id()));
            }
        }
        // until the election says otherwise: with others, never a commit that only this node has
        SyncSetting sync = new SyncSetting(
                (others.size() + 1) / 2, others.stream().sorted().toList());
        return new LocalPostgres(
                new PostgresSettings(
                        new NodeId(settings.nodeId()),
                        settings.nodeDirectory(),
                        settings.dataDirectory(),
                        settings.listenHost(),
                        settings.postgresPort(),
                        DATABASE,
                        DATABASE,
                        key.password(DATABASE),
                        key.password(PostgresSettings.REPLICATION_ROLE),
                        sync,
                        Map.of()),
                binaries);
    }

    @Override
    public void stop() throws Failed {
        active = false;
        call(() -> {
            postgres.stop(StopMode.IMMEDIATE, STOP);
            return DATABASE;
        });
    }

    @Override
    public Started startStandby() throws Failed, NoData {
        active = false;
        if (!postgres.hasUsableData()) {
            throw new NoData("the data directory is empty or a copy of it was not finished");
        }
        return call(() -> {
            PostgresStatus status = postgres.startStandby();
            return new Started(status.systemIdentifier(), status.position());
        });
    }

    @Override
    public Position stopReceiver() throws Failed {
        return call(() -> postgres.stopReceiver(REPLAY));
    }

    @Override
    public Promoted promote(long epoch, SyncSetting sync) throws Failed {
        return call(() -> {
            Promotion promotion = postgres.promote(epoch, sync, PROMOTION);
            List<TimelineSwitch> switches = new ArrayList<>();
            long parent = 0;
            Lsn end = Lsn.ZERO;
            for (var ancestor : promotion.history().ancestors()) {
                if (parent != 0) {
                    switches.add(new TimelineSwitch(ancestor.timeline(), parent, end));
                }
                parent = ancestor.timeline();
                end = ancestor.end();
            }
            if (parent != 0) {
                switches.add(new TimelineSwitch(promotion.history().timeline(), parent, end));
            }
            return new Promoted(switches, promotion.lsn());
        });
    }

    @Override
    public void commitEpoch(long epoch) throws Failed {
        waitsForQuorum = true;
        aborted = false;
        try {
            call(() -> {
                postgres.commitEpoch(epoch, COMMIT);
                return epoch;
            });
        } finally {
            waitsForQuorum = false;
        }
        active = true;
        housekeeping.schedule(this::checkpoint, CHECKPOINT_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void follow(MemberAddress upstream, long epoch) throws Failed {
        call(() -> {
            postgres.follow(upstream(upstream));
            return epoch;
        });
    }

    @Override
    public Position rejoin(MemberAddress upstream, long epoch, boolean copy) throws Failed {
        active = false;
        return call(() -> {
            RejoinReport report = postgres.rejoin(upstream(upstream), epoch, copy);
            LOG.infof("rejoined: %s", report);
            onRejoin.accept(report);
            return report.position();
        });
    }

    @Override
    public Lsn setSync(SyncSetting setting) throws Failed {
        return call(() -> postgres.applySync(setting, CHANGE));
    }

    @Override
    public Lsn drain() throws Failed {
        return call(() -> postgres.drain(DRAIN));
    }

    @Override
    public void undrain() throws Failed {
        call(() -> {
            postgres.undrain();
            return DATABASE;
        });
    }

    @Override
    public void fence() {
        active = false;
        // without its first process nobody takes an order, and what is left of it is ended
        if (!postgres.isRunning() || !postgres.cutClients()) {
            postgres.kill();
        }
    }

    @Override
    public void abort() {
        active = false;
        aborted = true;
        if (waitsForQuorum) {
            // a commit that waits for standbys which have left would wait on
            postgres.kill();
        }
    }

    @Override
    public Probe probe() throws Failed {
        return call(() -> {
            PostgresStatus status = postgres.probe();
            Map<NodeId, Lsn> standbys = new HashMap<>();
            for (StandbyStatus standby : status.standbys()) {
                if (standby.streaming()) {
                    standbys.put(standby.node(), standby.flushed());
                }
            }
            return new Probe(
                    !status.inRecovery(),
                    status.position(),
                    status.receiver().map(PostgresStatus.Receiver::streaming).orElse(false),
                    standbys,
                    isDiskFull());
        });
    }

    private boolean isDiskFull() {
        try {
            return room.isFull();
        } catch (UncheckedIOException e) {
            LOG.debugf("%s; it counts as enough", e.getMessage());
            return false;
        }
    }

    @Override
    public boolean hasUsableData() {
        return postgres.hasUsableData();
    }

    @Override
    public void onDeath(Runnable action) {
        postgres.onDeath(action);
    }

    @Override
    public boolean isRunning() {
        return postgres.isRunning();
    }

    private void checkpoint() {
        try {
            if (active) {
                postgres.checkpoint();
            }
        } catch (ManagerException e) {
            LOG.warnf("no checkpoint after the promotion: %s", e.getMessage());
        }
    }

    private void warm() {
        try {
            if (postgres.isRunning()) {
                postgres.warm();
            }
        } catch (ManagerException e) {
            LOG.debugf("no connection is ready for an election yet: %s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("connections for an election cannot be kept", e);
        }
    }

    private void advanceSlot() {
        try {
            if (active) {
                postgres.advanceSafetySlot();
            }
        } catch (ManagerException e) {
            LOG.debugf("the safety slot stays where it is: %s", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the safety slot cannot be moved", e);
        }
    }

    private static Upstream upstream(MemberAddress address) {
        return new Upstream(new NodeId(address.id()), address.host(), address.postgresPort());
    }

    private interface Call<T> {
        T run();
    }

    private <T> T call(Call<T> call) throws Failed {
        try {
            return call.run();
        } catch (ManagerException e) {
            throw new Failed(aborted ? "given up: " + e.getMessage() : e.getMessage(), e);
        }
    }

    /** Leaves PostgreSQL running: the next agent takes it over. */
    @Override
    public void close() {
        housekeeping.shutdownNow();
        warming.shutdownNow();
        postgres.close();
    }
}
