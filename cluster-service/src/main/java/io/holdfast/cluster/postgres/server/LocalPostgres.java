package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.election.SyncSetting;
import io.holdfast.cluster.postgres.PostgresConfiguration;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.PostgresStatus;
import io.holdfast.cluster.postgres.Promotion;
import io.holdfast.cluster.postgres.RejoinReport;
import io.holdfast.cluster.postgres.ReservedTimelines;
import io.holdfast.cluster.postgres.StandbyStatus;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.cluster.postgres.TimelineHistory;
import io.holdfast.cluster.postgres.Upstream;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The node's own PostgreSQL, as the agent handles it (design/cluster.md, 2.2 to 3.3).
 *
 * <p>Calls block, with a bound. Those that change the server run one after the other: a second caller waits. {@link #probe()},
 * {@link #cutClients()} and {@link #kill()} wait for nobody and may be called from any thread at any time. What cannot go on is a
 * {@link ManagerException} that says what was found and what to do; the server is then in a state that {@link #startStandby()} or
 * {@link #rejoin} takes further.
 */
public final class LocalPostgres implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LocalPostgres.class);
    static final String SLOT = "ha_safety";
    /** While this file exists the data directory is half rewound, or a copy not yet shown to follow: it must not vote. */
    private static final String UNFINISHED = "postgres.unfinished";

    /**
     * The end of the last record. Where that is the end of a page, PostgreSQL names the place behind the next page's header, which nobody
     * ever flushes or receives before there is a record: 24 bytes, and 40 on the first page of a file.
     */
    private static final String END_OF_LOG = """
            SELECT log_end - CASE WHEN (log_end - '0/0') % pg_size_bytes(current_setting('wal_segment_size')) = 40 THEN 40
                                  WHEN (log_end - '0/0') % current_setting('wal_block_size')::int = 24 THEN 24 ELSE 0 END
              FROM pg_current_wal_insert_lsn() AS log_end""";

    private static final Duration PROBE_LIMIT = Duration.ofMillis(450);
    /** Crash recovery replays what a minute's checkpoint distance and max_wal_size allow, on a slow disk. */
    static final Duration START_LIMIT = Duration.ofMinutes(5);

    static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private static final Duration WARM_LIMIT = Duration.ofSeconds(2);

    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final NodeFiles files;
    private final LocalConnections connections;
    private final Server server;
    private final Probe probe;
    /** For the agent's own steps, which may take their time. */
    private final Probe patient;

    private final KeptConnection steps;
    /** In the product's database, as the row of the epoch and the slot need it. */
    private final KeptConnection product;
    /** Of its own: clients are cut off whatever step runs. */
    private final KeptConnection fence;

    private final ReentrantLock changes = new ReentrantLock();
    private volatile SyncSetting sync;
    /** Whether the server that runs is known to let commits wait, with whichever names. Under the lock. */
    private boolean commitsWait;

    private volatile boolean comingBack;
    /** Where this node is since its receiver has stopped; null while it may receive, or is none. Under the lock. */
    private @Nullable Position stopped;

    /** Makes the node's directory where it is missing; starts nothing. */
    public LocalPostgres(PostgresSettings settings, PostgresBinaries binaries) {
        this.settings = settings;
        this.binaries = binaries;
        this.files = NodeFiles.open(settings);
        this.connections = new LocalConnections(settings, files.socketDirectory());
        this.server = new Server(settings, binaries, files, connections);
        this.probe = new Probe(connections, PROBE_LIMIT);
        this.patient = new Probe(connections, STOP_LIMIT);
        this.steps = new KeptConnection(connections, "postgres");
        this.product = new KeptConnection(connections, settings.database());
        this.fence = new KeptConnection(connections, "postgres");
        this.sync = settings.sync();
    }

    /** @param action run once for each server that ends without having been asked to, from a thread of the JDK; must not block */
    public void onDeath(Runnable action) {
        server.onDeath(action);
    }

    /**
     * Whether there is data that may vote and stream. False: {@link #initialise()} on the one node that makes the cluster,
     * {@link #cloneFrom} on any other.
     */
    public boolean hasUsableData() {
        return Files.exists(files.data().resolve("PG_VERSION"))
                && !Files.exists(files.file(UNFINISHED))
                && !Files.exists(files.file(NewDatabase.MAKING));
    }

    /**
     * Makes the cluster's first database: initdb with checksums, the roles, the product's empty database, the schema
     * {@code holdfast_ha}. The server is stopped at the end, as a standby on timeline 1 that may be started and elected.
     */
    public void initialise() {
        locked(() -> new NewDatabase(settings, binaries, files, connections, server).create());
    }

    /**
     * Starts as a standby that streams from nobody, after whatever end the server had; a server that still runs, such as one that a
     * former agent left, is ended first as by a crash, so that nothing is added to its log. What is in its log is replayed.
     *
     * @return what the server is; its position is final until {@link #follow} or {@link #promote}
     * @throws ManagerException also with {@link ErrorCode#ILLEGAL_ACTION} if there is no usable data
     */
    public PostgresStatus startStandby() {
        return locked(() -> {
            if (!hasUsableData()) {
                throw new ManagerException(
                        ErrorCode.ILLEGAL_ACTION,
                        "node " + settings.node() + " has no usable data in " + files.data(),
                        "copy it from the active node: cluster reinit");
            }
            stopServer(StopMode.IMMEDIATE);
            detach();
            startAsStandby();
            awaitReplayed(START_LIMIT);
            dropStandbySlots();
            PostgresStatus status = patient.look();
            stopped = status.position();
            return status;
        });
    }

    /**
     * Opens the connections that an election needs, as far as they are not open: opened only then, they would be the longest part of it.
     * To be called now and then; waits at most some seconds, and for no step. Nothing is done while this node comes back to the active: the
     * servers that run in between are ended again.
     *
     * @throws ManagerException if the server does not take connections
     */
    public void warm() {
        if (comingBack) {
            return;
        }
        try {
            steps.warm(WARM_LIMIT, connection -> {
                try (Statement sql = connection.createStatement()) {
                    flag(sql, "SELECT pg_is_in_recovery()");
                    text(sql, "SELECT current_setting('synchronous_standby_names')");
                    return isReplayed(sql);
                }
            });
            product.warm(WARM_LIMIT, connection -> {
                try (PreparedStatement epochs =
                        connection.prepareStatement("SELECT node, first_xid FROM holdfast_ha.epochs WHERE epoch = ?")) {
                    epochs.setLong(1, 1);
                    try (ResultSet row = epochs.executeQuery()) {
                        return row.next();
                    }
                }
            });
            fence.warm(WARM_LIMIT, connection -> {
                try (Statement sql = connection.createStatement()) {
                    return text(sql, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'");
                }
            });
        } catch (SQLException e) {
            throw failed("connections for an election cannot be opened", e);
        }
    }

    /** Ends the server. {@link StopMode#FAST} turns into an immediate end after {@code limit}. */
    public void stop(StopMode mode, Duration limit) {
        locked(() -> {
            server.stop(mode, limit);
            closeConnections();
        });
    }

    /** Ends the server and all its processes with SIGKILL, at once, whatever else is under way. */
    public void kill() {
        server.stop(StopMode.KILL, Duration.ZERO);
    }

    /** Whether the server's process runs; says nothing about whether it answers. */
    public boolean isRunning() {
        return server.isRunning();
    }

    /** Process id of the server; empty if none runs on this data. */
    public Optional<Long> pid() {
        return server.running().map(ProcessHandle::pid);
    }

    /**
     * A quick look, some milliseconds of work. Each answer of the server is waited for at most 450 ms.
     *
     * @throws ManagerException if it does not answer in time or at all
     */
    public PostgresStatus probe() {
        return probe.look();
    }

    /**
     * Receives nothing more, whatever happens: also after a restart and also by a receiver that was about to start. Returns when
     * no receiver exists and everything received is replayed.
     *
     * @return how new this node is; it does not change until {@link #follow} or {@link #promote}
     */
    public Position stopReceiver(Duration limit) {
        return locked(() -> {
            detach();
            step(steps, limit, "the end of the receiver is not certain", sql -> {
                reload(sql);
                awaitReplayed(sql, limit);
            });
            PostgresStatus status = patient.look();
            if (!status.inRecovery()) {
                throw new ManagerException(
                        ErrorCode.CONFLICT, "PostgreSQL of node " + settings.node() + " is no standby", null);
            }
            stopped = status.position();
            return status.position();
        });
    }

    /** The fence. Not flushed: before a server is started again, after a loss of power as well, it is made anew. */
    private void detach() {
        files.writeUnflushed(files.file(PostgresConfiguration.UPSTREAM_FILE), PostgresConfiguration.noUpstream());
        // a receiver that starts late reads this file, and is not let in by any server
        files.writeUnflushed(files.passwordFile(), "");
    }

    /**
     * Makes this standby the active's server, on a timeline whose number is the epoch, with the slot {@value #SLOT} that keeps what a
     * quorum has not confirmed. Commits wait by {@code quorum} from the first one on. If it fails, the server is ended: it must not be left writable on another timeline.
     *
     * @param epoch above the present timeline
     */
    public Promotion promote(long epoch, SyncSetting quorum, Duration limit) {
        return locked(() -> {
            try {
                return promoteTo(epoch, quorum, limit);
            } catch (RuntimeException e) {
                server.stop(StopMode.IMMEDIATE, Duration.ZERO);
                closeConnections();
                throw e;
            }
        });
    }

    private Promotion promoteTo(long epoch, SyncSetting quorum, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        Position known = stopped;
        Position before = known == null ? stopReceiver(limit) : known;
        stopped = null;
        Map<Long, String> later = files.histories();
        later.keySet().removeIf(timeline -> timeline <= before.timeline());
        // It has heard of a later timeline that it never reached, and would take that one for its parent.
        boolean misled = later.values().stream().anyMatch(text -> !ReservedTimelines.isReserved(text));
        if (misled) {
            server.stop(StopMode.IMMEDIATE, Duration.ZERO);
        }
        later.keySet().forEach(files::removeHistory);
        if (misled) {
            startAsStandby();
            awaitReplayed(limit);
        }
        List<Long> reserved = ReservedTimelines.between(before.timeline(), epoch);
        writeSync(quorum);
        Promotion promotion = stepFor(steps, limit, "the promotion to epoch " + epoch + " failed", sql -> {
            boolean torn = flag(sql, "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()");
            files.writeUnflushed(files.file(PostgresConfiguration.ROLE_FILE), PostgresConfiguration.readOnly(torn));
            if (!has(sql, "default_transaction_read_only", torn ? "on" : "off")
                    || !has(sql, "synchronous_standby_names", quorum.synchronousStandbyNames())) {
                reload(sql);
                awaitSetting(sql, "synchronous_standby_names", quorum.synchronousStandbyNames(), deadline);
            }
            // one of a former time as active: while this was a standby, what it needs to decode was not kept
            sql.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + SLOT + "'");
            if (streamsBySlot()) {
                makeStandbySlots(sql, quorum.standbys());
            }
            files.writeHistories(reserved, ReservedTimelines.text(before.timeline(), before.lsn()));
            sql.execute("SELECT pg_promote(false)");
            while (flag(sql, "SELECT pg_is_in_recovery()")) {
                pause(deadline, "the promotion to epoch " + epoch);
            }
            String file = text(sql, "SELECT pg_walfile_name(pg_current_wal_lsn())");
            long timeline = Long.parseLong(file.substring(0, 8), 16);
            if (timeline != epoch) {
                throw new ManagerException(
                        ErrorCode.INTERNAL_SERVER,
                        "PostgreSQL was promoted to timeline " + timeline + ", and the epoch is " + epoch,
                        "the server was ended; the node comes back as a standby");
            }
            letCommitsWait(sql, quorum, deadline);
            if (torn) {
                forgetStandbys(sql, deadline);
                setReadOnly(sql, false, deadline);
            }
            Lsn end = Lsn.parse(text(sql, "SELECT pg_current_wal_lsn()"));
            return new Promotion(ownHistory(epoch), end);
        });
        // before clients write
        step(product, limit, "the slot " + SLOT + " cannot be made", sql -> makeSlot(sql.getConnection()));
        return promotion;
    }

    /**
     * Returns when commits wait by the setting, which every session shows already. Of a server whose commits waited for nobody that is not
     * known until a commit is seen to wait; and to be seen it must wait for somebody who never confirms. All other commits wait with it for
     * some milliseconds: not for longer, since until the checkpointer has read this they wait for nobody.
     *
     * @return whether there was anything to do; then all processes have read the setting
     */
    private boolean letCommitsWait(Statement sql, SyncSetting setting, long deadline) throws SQLException {
        if (setting.required() == 0 || commitsWait) {
            return false;
        }
        try (WaitingCommits commits = WaitingCommits.begin(connections, settings.database(), STOP_LIMIT)) {
            files.writeUnflushed(files.file(PostgresConfiguration.SYNC_FILE), PostgresConfiguration.syncByNobody());
            reload(sql);
            while (!commits.isSeenToWait(sql)) {
                pause(deadline, "commits that wait for standbys");
            }
            commits.end(sql);
            commitsWait = true;
        } finally {
            writeSync(setting);
            reload(sql);
        }
        awaitSetting(sql, "synchronous_standby_names", setting.synchronousStandbyNames(), deadline);
        readByAll(sql, deadline);
        // Those who waited meanwhile are released by the next report of a standby, for which there must be something to
        // report.
        sql.execute("BEGIN; SET LOCAL synchronous_commit = local; " + WaitingCommits.COMMIT + "; COMMIT");
        return true;
    }

    /**
     * Returns when the postmaster has told all processes to read what the configuration is now. It tells them one after the other, this
     * session perhaps before the senders of the log, each of which acknowledges commits by what it has read: so it must have begun anew
     * after it had begun with the present files, and a round that it was in before may be seen here, too.
     */
    private static void readByAll(Statement sql, long deadline) throws SQLException {
        for (int round = 0; round < 3; round++) {
            String before = text(sql, "SELECT pg_conf_load_time()");
            reload(sql);
            while (text(sql, "SELECT pg_conf_load_time()").equals(before)) {
                pause(deadline, "the configuration as it is now");
            }
        }
    }

    /**
     * Standbys that streamed from here before the promotion may have reported a torn record behind the point where the new timeline begins.
     * PostgreSQL would take that for the new timeline until they report again; a connection of their own begins with nothing reported.
     */
    private static void forgetStandbys(Statement sql, long deadline) throws SQLException {
        String terminate = """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE backend_type = 'walsender' AND backend_start < '%s'\
            """.formatted(text(sql, "SELECT clock_timestamp()"));
        while (!text(sql, terminate).equals("0")) {
            pause(deadline, "the end of the standbys' connections of before the promotion");
        }
    }

    /**
     * Commits the row of the epoch, which returns only when a quorum has it. Idempotent.
     *
     * @throws ManagerException if the outcome is not certain within {@code limit}
     */
    public void commitEpoch(long epoch, Duration limit) {
        locked(() -> step(product, limit, "the row of epoch " + epoch + " is not confirmed by a quorum", sql -> {
            Connection connection = sql.getConnection();
            connection.setAutoCommit(false);
            readWrite(connection);
            try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO holdfast_ha.epochs (epoch, node, first_xid)
                VALUES (?, ?, pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING\
                """)) {
                insert.setLong(1, epoch);
                insert.setString(2, settings.node().value());
                insert.executeUpdate();
            }
            QuorumCommit.commit(connection);
            connection.setAutoCommit(true);
        }));
    }

    /**
     * A checkpoint, as soon as may be after a promotion: until then the control file has the former timeline, and a node that comes
     * back would not see that it must rewind. Takes seconds on a slow disk; blocks nobody but the caller.
     */
    public void checkpoint() {
        try (Connection connection = connections.local("postgres", Duration.ofMinutes(10));
                Statement sql = connection.createStatement()) {
            sql.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw failed("the checkpoint failed", e);
        }
    }

    /**
     * Moves the slot {@value #SLOT} up to what a quorum has, so that it keeps no more log than needed; makes it where it is missing. To
     * be called every few seconds on an active.
     *
     * @return where the slot is now
     */
    public Lsn advanceSafetySlot() {
        PostgresStatus status = patient.look();
        if (status.inRecovery()) {
            throw new ManagerException(
                    ErrorCode.CONFLICT, "PostgreSQL of node " + settings.node() + " is no active", null);
        }
        Optional<Lsn> confirmed = quorumFlush(status, sync);
        try (Connection connection = connections.local(settings.database(), Duration.ofSeconds(30));
                Statement sql = connection.createStatement()) {
            makeSlot(connection);
            if (confirmed.isPresent()) {
                sql.execute("SELECT pg_replication_slot_advance('" + SLOT + "', greatest(confirmed_flush_lsn, '"
                        + confirmed.get() + "'::pg_lsn)) FROM pg_replication_slots WHERE slot_name = '" + SLOT + "'");
            }
            return Lsn.parse(
                    text(sql, "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + SLOT + "'"));
        } catch (SQLException e) {
            throw failed("the slot " + SLOT + " cannot be moved", e);
        }
    }

    /** What a quorum has flushed; empty while too few standbys are connected. */
    static Optional<Lsn> quorumFlush(PostgresStatus status, SyncSetting sync) {
        if (sync.required() == 0) {
            return Optional.of(status.position().lsn());
        }
        List<Lsn> flushed = status.standbys().stream()
                .filter(standby -> sync.standbys().contains(standby.node()))
                .filter(StandbyStatus::streaming)
                .map(StandbyStatus::flushed)
                .sorted(Comparator.reverseOrder())
                .toList();
        if (flushed.size() < sync.required()) {
            return Optional.empty();
        }
        Lsn confirmed = flushed.get(sync.required() - 1);
        return Optional.of(
                confirmed.compareTo(status.position().lsn()) < 0
                        ? confirmed
                        : status.position().lsn());
    }

    /**
     * Streams from the active. This node's log must be a beginning of the active's history, which the caller knows from the active's
     * timeline; {@link #probe()} shows whether the stream came. Returns at once.
     */
    public void follow(Upstream upstream) {
        locked(() -> {
            files.removeObsoleteReservations();
            setUpstream(upstream, settings.node().value());
            reload();
        });
    }

    /**
     * Comes back to the active as its standby, whatever state the data is in: follows where that is possible, else saves what only this
     * node has into {@code holdfast_ha} on the active, rewinds, and copies everything anew where a rewind does not do. Returns when this
     * node streams on the active's timeline, has replayed what the active had at the start, and counts for the quorum.
     *
     * @param epoch the active's epoch, which must be its timeline
     * @param copy do not try to rewind
     * @throws ManagerException if it could not; if {@link #hasUsableData()} still holds, the data is as it was, and the node is a standby
     *     without upstream where it could be started
     */
    public RejoinReport rejoin(Upstream upstream, long epoch, boolean copy) {
        return locked(() -> {
            comingBack = true;
            try {
                return new Rejoin(this, settings, binaries, files, connections, server, patient)
                        .run(upstream, epoch, copy);
            } catch (RuntimeException e) {
                if (hasUsableData() && !server.isRunning()) {
                    startAgain(e);
                }
                throw e;
            } finally {
                comingBack = false;
            }
        });
    }

    private void startAgain(RuntimeException failure) {
        try {
            startStandby();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Copies the active's database to this node, which then streams. Data that this node has, if any, is kept beside it, see
     * {@link #keptData()}; it is not salvaged: {@link #rejoin} does that.
     */
    public RejoinReport cloneFrom(Upstream upstream, long epoch) {
        return locked(
                () -> new Rejoin(this, settings, binaries, files, connections, server, patient).copy(upstream, epoch));
    }

    /**
     * Lets commits wait by another setting, from now on and after a restart. It has taken effect when this returns, unless it asks for
     * less than the former one: then commits may wait until PostgreSQL's checkpointer comes to read it.
     *
     * @return end of the log after it took effect; what is before may have been acknowledged by the former setting. Zero while the server
     *     is down: then the setting counts from its next start on
     */
    public Lsn applySync(SyncSetting setting, Duration limit) {
        return locked(() -> {
            long deadline = System.nanoTime() + limit.toNanos();
            writeSync(setting);
            if (!server.isRunning()) {
                return Lsn.ZERO;
            }
            return stepFor(steps, limit, "synchronous_standby_names cannot be changed", sql -> {
                reload(sql);
                awaitSetting(sql, "synchronous_standby_names", setting.synchronousStandbyNames(), deadline);
                boolean standby = flag(sql, "SELECT pg_is_in_recovery()");
                if (!standby && !letCommitsWait(sql, setting, deadline)) {
                    readByAll(sql, deadline);
                }
                if (!standby && streamsBySlot()) {
                    makeStandbySlots(sql, setting.standbys());
                }
                return Lsn.parse(text(sql, standby ? "SELECT coalesce(pg_last_wal_replay_lsn(), '0/0')" : END_OF_LOG));
            });
        });
    }

    /**
     * Before a switchover: new transactions are read-only until {@link #undrain()}, and all clients are cut off; whoever routes them must
     * have stopped to do so. Standbys go on to stream.
     *
     * @return end of the log, which nobody writes to any more
     */
    public Lsn drain(Duration limit) {
        return locked(() -> {
            long deadline = System.nanoTime() + limit.toNanos();
            return stepFor(steps, limit, "clients cannot be cut off", sql -> {
                setReadOnly(sql, true, deadline);
                while (terminateClients(sql) > 0) {
                    pause(deadline, "the end of all clients' connections");
                }
                return Lsn.parse(text(sql, END_OF_LOG));
            });
        });
    }

    /** Lets clients write again: a switchover was given up. */
    public void undrain() {
        locked(() -> step(
                steps,
                STOP_LIMIT,
                "clients cannot be let in again",
                sql -> setReadOnly(sql, false, System.nanoTime() + STOP_LIMIT.toNanos())));
    }

    /**
     * The first half of stepping down, at once: new transactions are read-only and clients are cut off, as far as the server answers.
     * {@code synchronous_standby_names} stays: emptied, it would report success to all who wait. {@link #startStandby()} is the second
     * half.
     *
     * @return whether the server did it; if not, end it
     */
    public boolean cutClients() {
        try {
            step(fence, PROBE_LIMIT, "no answer", sql -> {
                setReadOnly(sql, true, System.nanoTime() + PROBE_LIMIT.toNanos());
                terminateClients(sql);
            });
            return true;
        } catch (ManagerException e) {
            LOG.warnf("clients of PostgreSQL cannot be cut off, it must be ended: %s", e.getMessage());
            return false;
        }
    }

    /** Data directories that were replaced by a copy and are kept, oldest first. */
    public List<KeptData> keptData() {
        return KeptData.list(files);
    }

    /** Deletes kept data directories whose changes are all parked on an active, but for the newest one. @return those deleted */
    public List<KeptData> pruneKeptData() {
        return locked(() -> KeptData.prune(files));
    }

    /** Salvaged changes; to be asked on the active's node. */
    public SalvageStore salvage() {
        return new SalvageStore(connections, settings);
    }

    /** Forgets the server without ending it: the next agent takes it over. */
    @Override
    public void close() {
        server.onDeath(() -> {});
        closeConnections();
    }

    /** With the server's end, or before another begins. */
    private void closeConnections() {
        probe.close();
        patient.close();
        steps.close();
        product.close();
        fence.close();
    }

    // for Rejoin, which runs under the lock

    /** Whether nothing is received since the position was measured. */
    boolean isStopped() {
        return stopped != null;
    }

    void stopServer(StopMode mode) {
        server.stop(mode, STOP_LIMIT);
        stopped = null;
        closeConnections();
    }

    void startAsStandby() {
        files.write(files.standbySignal(), "");
        files.removeObsoleteReservations();
        writeSync(sync);
        files.write(files.file(PostgresConfiguration.ROLE_FILE), PostgresConfiguration.readOnly(false));
        server.start(List.of(), START_LIMIT);
        // its checkpointer began with this
        commitsWait = sync.required() > 0;
        closeConnections();
    }

    /** As a primary that nobody reaches: only to decode what its log has. */
    void startFenced() {
        files.remove(files.standbySignal());
        server.start(
                List.of(
                        "listen_addresses=",
                        "default_transaction_read_only=on",
                        "autovacuum=off",
                        "primary_conninfo=",
                        "max_logical_replication_workers=0"),
                START_LIMIT);
        closeConnections();
    }

    void setUpstream(Upstream upstream, String name) {
        stopped = null;
        files.writeUnflushed(files.passwordFile(), PostgresConfiguration.passwordFile(settings));
        files.writeUnflushed(
                files.file(PostgresConfiguration.UPSTREAM_FILE),
                PostgresConfiguration.upstream(upstream, name, files.passwordFile())
                        + PostgresConfiguration.slot(
                                streamsBySlot() && name.equals(settings.node().value())
                                        ? NodeNames.slot(settings.node())
                                        : ""));
    }

    /**
     * Whether standbys stream by a slot each. A quorum of two or more needs that: PostgreSQL counts connections and not nodes, and
     * while a former connection of a node is half open, that node would count twice. A slot takes one connection only.
     */
    boolean streamsBySlot() {
        return sync.required() > 1;
    }

    static void makeStandbySlots(Statement sql, List<NodeId> standbys) throws SQLException {
        for (NodeId standby : standbys) {
            String slot = NodeNames.slot(standby);
            sql.execute("SELECT pg_create_physical_replication_slot('" + slot
                    + "') WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + slot + "')");
        }
    }

    /** Those of a time when this node was active would hold the log for ever. */
    private void dropStandbySlots() {
        step(
                steps,
                STOP_LIMIT,
                "slots of a former epoch cannot be dropped",
                sql -> sql.execute(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_type = 'physical'"
                                + " AND NOT temporary AND NOT active AND starts_with(slot_name, '"
                                + NodeNames.SLOT_PREFIX + "')"));
    }

    /** A slot of a time when this node was active would hold the log for ever. */
    void dropSafetySlot() {
        step(
                steps,
                STOP_LIMIT,
                "the slot of a former epoch cannot be dropped",
                sql -> sql.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                        + " WHERE slot_name = '" + SLOT + "' AND NOT active"));
    }

    void markUnfinished(boolean on, String why) {
        if (on) {
            files.write(files.file(UNFINISHED), why + "\n");
        } else {
            files.remove(files.file(UNFINISHED));
        }
    }

    TimelineHistory ownHistory(long timeline) {
        if (timeline == 1) {
            return TimelineHistory.first();
        }
        String text = Optional.ofNullable(files.histories().get(timeline))
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.INTERNAL_SERVER,
                        "pg_wal/" + TimelineHistory.fileName(timeline) + " is missing in " + files.data(),
                        "copy the data anew from the active node: cluster reinit"));
        return TimelineHistory.parse(timeline, text);
    }

    /** Makes the server read its configuration files again. */
    void reload() {
        step(steps, STOP_LIMIT, "the configuration cannot be loaded", LocalPostgres::reload);
    }

    private void awaitReplayed(Duration limit) {
        step(steps, Duration.ofSeconds(5), "the end of the replay is not certain", sql -> awaitReplayed(sql, limit));
    }

    /** Until no receiver exists and the startup process has replayed all that it finds. */
    private static void awaitReplayed(Statement sql, Duration limit) throws SQLException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!isReplayed(sql)) {
            pause(deadline, "the end of the receiver and of the replay");
        }
    }

    private static boolean isReplayed(Statement sql) throws SQLException {
        return flag(sql, """
            SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'walreceiver')
               AND current_setting('primary_conninfo') = ''
               AND (pg_last_wal_replay_lsn() >= coalesce(pg_last_wal_receive_lsn(), 'FFFFFFFF/FFFFFFFF')
                    OR EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
                                  AND wait_event = 'RecoveryRetrieveRetryInterval'))\
            """);
    }

    private void writeSync(SyncSetting setting) {
        sync = setting;
        commitsWait &= setting.required() > 0;
        // as the fence: written anew before each start
        files.writeUnflushed(files.file(PostgresConfiguration.SYNC_FILE), PostgresConfiguration.sync(setting));
    }

    private void makeSlot(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            // one of a former epoch, or lost to max_slot_wal_keep_size, keeps nothing of this one
            sql.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
                    + SLOT + "' AND wal_status = 'lost'");
            if (!flag(sql, "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + SLOT + "')")) {
                sql.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'test_decoding')");
            }
        }
    }

    private void setReadOnly(Statement sql, boolean on, long deadline) throws SQLException {
        files.writeUnflushed(files.file(PostgresConfiguration.ROLE_FILE), PostgresConfiguration.readOnly(on));
        reload(sql);
        // this session sees it only after the server itself, so that every later session has it
        awaitSetting(sql, "default_transaction_read_only", on ? "on" : "off", deadline);
    }

    /** The agent's own writes, whatever the default of new transactions is. */
    static void readWrite(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            sql.execute("SET TRANSACTION READ WRITE");
        }
    }

    private static void reload(Statement sql) throws SQLException {
        sql.execute("SELECT pg_reload_conf()");
    }

    private int terminateClients(Statement sql) throws SQLException {
        try (ResultSet row = sql.executeQuery("""
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND usename <> '%s'\
            """.formatted(PostgresSettings.AGENT_ROLE))) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void awaitSetting(Statement sql, String name, String value, long deadline) throws SQLException {
        while (!has(sql, name, value)) {
            pause(deadline, name + " = " + value);
        }
    }

    private static boolean has(Statement sql, String name, String value) throws SQLException {
        return value.equals(text(sql, "SELECT current_setting('" + name + "')"));
    }

    static boolean flag(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }

    static String text(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            @Nullable String value = row.next() ? row.getString(1) : null;
            if (value == null) {
                throw new SQLException("no value from: " + query);
            }
            return value;
        }
    }

    static void pause(long deadline, String awaited) {
        if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE, "PostgreSQL has not come to this in time: " + awaited, null);
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
    }

    ManagerException failed(String what, SQLException cause) {
        return new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                what + " on node " + settings.node() + ": " + cause.getMessage(),
                "see " + files.log(),
                cause);
    }

    private interface Statements {
        void on(Statement sql) throws SQLException;
    }

    private interface Query<T> {
        T on(Statement sql) throws SQLException;
    }

    /** What the startup process has replayed. */
    Lsn replayed(Duration answerLimit) {
        return stepFor(
                steps,
                answerLimit,
                "what is replayed cannot be read",
                sql -> Lsn.parse(text(sql, "SELECT pg_last_wal_replay_lsn()")));
    }

    private void step(KeptConnection by, Duration answerLimit, String failure, Statements statements) {
        stepFor(by, answerLimit, failure, sql -> {
            statements.on(sql);
            return failure;
        });
    }

    private <T> T stepFor(KeptConnection by, Duration answerLimit, String failure, Query<T> query) {
        try {
            return by.run(answerLimit, connection -> {
                try (Statement sql = connection.createStatement()) {
                    return query.on(sql);
                }
            });
        } catch (SQLException e) {
            throw failed(failure, e);
        }
    }

    private interface Change<T> {
        T run();
    }

    private <T> T locked(Change<T> change) {
        changes.lock();
        try {
            return change.run();
        } finally {
            changes.unlock();
        }
    }

    private void locked(Runnable change) {
        changes.lock();
        try {
            change.run();
        } finally {
            changes.unlock();
        }
    }
}
