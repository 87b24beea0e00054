package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.postgres.ControlData;
import io.holdfast.cluster.postgres.DivergedCommits;
import io.holdfast.cluster.postgres.DivergedCommits.Commit;
import io.holdfast.cluster.postgres.DivergedCommits.Stretch;
import io.holdfast.cluster.postgres.PostgresConfiguration;
import io.holdfast.cluster.postgres.PostgresSettings;
import io.holdfast.cluster.postgres.PostgresStatus;
import io.holdfast.cluster.postgres.RejoinReport;
import io.holdfast.cluster.postgres.RejoinReport.Way;
import io.holdfast.cluster.postgres.StopMode;
import io.holdfast.cluster.postgres.TimelineHistory;
import io.holdfast.cluster.postgres.Upstream;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One node's way back to the active, see {@link LocalPostgres#rejoin}. */
final class Rejoin {
    private static final Logger LOG = Logger.getLogger(Rejoin.class);
    private static final Duration VERIFY_LIMIT = Duration.ofSeconds(10);
    private static final Duration REWIND_LIMIT = Duration.ofMinutes(30);
    private static final Duration COPY_LIMIT = Duration.ofHours(6);
    private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(60);
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(5);
    private static final Duration REPLAY_LIMIT = Duration.ofMinutes(5);
    /** The server flushes all files when it starts on them; until it has started, the data counts as unfinished. */
    private static final String NO_SYNC = "--no-sync";

    private static final int COMPARED_BYTES = 65_536;

    private final LocalPostgres local;
    private final PostgresSettings settings;
    private final PostgresBinaries binaries;
    private final NodeFiles files;
    private final LocalConnections connections;
    private final Server server;
    private final Probe probe;

    Rejoin(
            LocalPostgres local,
            PostgresSettings settings,
            PostgresBinaries binaries,
            NodeFiles files,
            LocalConnections connections,
            Server server,
            Probe probe) {
        this.local = local;
        this.settings = settings;
        this.binaries = binaries;
        this.files = files;
        this.connections = connections;
        this.server = server;
        this.probe = probe;
    }

    /** @param checkpointed whether its control file has its timeline already */
    private record Active(
            long systemIdentifier, long segmentBytes, TimelineHistory history, Lsn flushed, boolean checkpointed) {}

    RejoinReport run(Upstream upstream, long epoch, boolean copy) {
        Active active = look(upstream, epoch);
        if (!local.hasUsableData()) {
            return copied(upstream, active, Optional.empty(), Parked.NOTHING, false, List.of());
        }
        PostgresStatus own = startAndMeasure();
        if (own.systemIdentifier() != active.systemIdentifier()) {
            if (!copy) {
                throw new ManagerException(
                        ErrorCode.CONFLICT,
                        "node " + settings.node() + " has data of another cluster (system identifier "
                                + Long.toUnsignedString(own.systemIdentifier()) + ", the active's is "
                                + Long.toUnsignedString(active.systemIdentifier()) + ")",
                        "if this node shall belong to this cluster, copy the active's data: cluster reinit; its own is"
                                + " kept aside");
            }
            return copied(upstream, active, Optional.empty(), Parked.NOTHING, false, List.of());
        }
        TimelineHistory history = local.ownHistory(own.position().timeline());
        boolean sameTimeline = history.timeline() == active.history().timeline();
        boolean continues = active.history().continues(own.position())
                && (!sameTimeline || (history.equals(active.history()) && sameBytes(upstream, active, own.position())));
        if (continues) {
            if (copy) {
                return copied(upstream, active, Optional.empty(), Parked.NOTHING, true, List.of());
            }
            local.setUpstream(upstream, NodeNames.comingBack(settings.node()));
            local.reload();
            if (verified(upstream, active, Way.FOLLOWED)) {
                return done(upstream, Way.FOLLOWED, Optional.empty(), Parked.NOTHING);
            }
            // its startup process may be set on a timeline it has only heard of: a start decides anew
            local.stopServer(StopMode.FAST);
            local.startAsStandby();
            if (verified(upstream, active, Way.FOLLOWED)) {
                return done(upstream, Way.FOLLOWED, Optional.empty(), Parked.NOTHING);
            }
            return copied(upstream, active, Optional.empty(), Parked.NOTHING, true, List.of());
        }
        return diverged(upstream, active, own, history, copy || sameTimeline);
    }

    private RejoinReport diverged(
            Upstream upstream, Active active, PostgresStatus own, TimelineHistory history, boolean copy) {
        Optional<Position> divergence = active.history().partsFrom(history);
        if (divergence.isEmpty()) {
            return copied(
                    upstream,
                    active,
                    divergence,
                    Parked.NOTHING,
                    false,
                    List.of("where the histories part is unknown, so nothing could be salvaged from "
                            + "the former data; it is kept beside the new one"));
        }
        Map<Long, Commit> commits = new LinkedHashMap<>();
        for (Stretch stretch : DivergedCommits.stretches(divergence.get(), history, own.position())) {
            commits.putAll(commits(stretch));
        }
        LOG.infof(
                "node %s parted from %s at %s and went on to %s with %d transactions of its own",
                settings.node(), upstream, divergence.get(), own.position(), commits.size());
        Parked parked = Parked.NOTHING;
        if (commits.isEmpty() && isShutDownAt(own.position())) {
            LOG.debugf("node %s has nothing to salvage and is shut down in order", settings.node());
        } else {
            parked = salvaged(upstream, active, own, divergence.get(), commits);
        }
        if (!copy) {
            long before = System.nanoTime();
            awaitCheckpoint(upstream, active);
            local.markUnfinished(true, "pg_rewind from " + upstream);
            long begun = System.nanoTime();
            Command.Result rewound = rewind(upstream);
            LOG.infof(
                    "the active's checkpoint took %d ms, pg_rewind %d ms",
                    TimeUnit.NANOSECONDS.toMillis(begun - before),
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
            if (rewound.ok() && !rewound.output().contains("no rewind required")) {
                afterCopy(upstream);
                if (verified(upstream, active, Way.REWOUND)) {
                    return done(upstream, Way.REWOUND, divergence, parked);
                }
            }
            LOG.warnf(
                    "a rewind does not bring node %s back, it is copied anew: %s",
                    settings.node(), Command.tail(rewound.output()));
        }
        return copied(upstream, active, divergence, parked, true, List.of());
    }

    /**
     * Ends the standby, which adds nothing to its log, and looks whether it noted how far it had replayed. If it did not, or that cannot be
     * read, a start as a primary and its shutdown write it down.
     */
    private boolean isShutDownAt(Position end) {
        local.stopServer(StopMode.FAST);
        Command.Result printed = new Command(
                        files.user()
                                .command(List.of(
                                        binaries.program("pg_controldata"),
                                        files.data().toString())),
                        Map.of())
                .run(ANSWER_LIMIT);
        try {
            return ControlData.parse(printed.orThrow()).isStandbyShutDownAt(end);
        } catch (ManagerException | IllegalArgumentException e) {
            LOG.warnf("the control file of node %s tells nothing: %s", settings.node(), e.getMessage());
            return false;
        }
    }

    /** Recovers the data behind a fence, and parks on the active what only this node has. The server is shut down in order at the end. */
    private Parked salvaged(
            Upstream upstream, Active active, PostgresStatus own, Position divergence, Map<Long, Commit> commits) {
        // what it recovers from next is what it recovered from before: nothing has to be written first
        local.stopServer(StopMode.IMMEDIATE);
        local.startFenced();
        try {
            return commits.isEmpty()
                    ? Parked.NOTHING
                    : new DivergedChanges(settings, connections)
                            .park(
                                    upstream,
                                    divergence,
                                    own.position(),
                                    active.history().timeline(),
                                    commits);
        } finally {
            local.stopServer(StopMode.FAST);
        }
    }

    RejoinReport copy(Upstream upstream, long epoch) {
        return copied(upstream, look(upstream, epoch), Optional.empty(), Parked.NOTHING, false, List.of());
    }

    private RejoinReport copied(
            Upstream upstream,
            Active active,
            Optional<Position> divergence,
            Parked parked,
            boolean salvaged,
            List<String> notes) {
        Path fresh = files.data().resolveSibling(files.data().getFileName() + ".new");
        files.deleteTree(fresh);
        List<String> words = new ArrayList<>(List.of(
                binaries.program("pg_basebackup"),
                "--pgdata=" + fresh,
                "--dbname=" + PostgresConfiguration.connection(upstream, files.passwordFile()) + " connect_timeout=5",
                "--wal-method=stream",
                "--checkpoint=fast",
                NO_SYNC,
                "--no-password"));
        makeEmpty(fresh);
        // the tool reads the password file that a fence has emptied
        local.setUpstream(upstream, NodeNames.comingBack(settings.node()));
        new Command(files.user().command(words), Map.of()).run(COPY_LIMIT).orThrow();
        local.stopServer(StopMode.FAST);
        local.markUnfinished(true, "copy from " + upstream);
        if (Files.exists(files.data())) {
            files.rename(files.data(), KeptData.next(files, salvaged));
        }
        files.rename(fresh, files.data());
        afterCopy(upstream);
        if (!verified(upstream, active, Way.CLONED)) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "node " + settings.node() + " was copied from " + upstream + " but does not stream from it within "
                            + VERIFY_LIMIT + "; its log says: " + server.lastLogLines(),
                    "see whether " + upstream + " is still active, and " + files.log());
        }
        List<String> all = new ArrayList<>(parked.notes());
        all.addAll(notes);
        KeptData.prune(files).forEach(kept -> LOG.infof("deleted %s, whose changes are saved", kept.directory()));
        return done(upstream, Way.CLONED, divergence, new Parked(parked.salvageId(), parked.changes(), all));
    }

    private void makeEmpty(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(
                    directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INTERNAL_SERVER, "cannot make " + directory + ": " + e, null, e);
        }
        files.user().handOver(directory);
    }

    /** The data is another node's now: what belongs to a node is written anew, and it starts as a standby. */
    private void afterCopy(Upstream upstream) {
        local.setUpstream(upstream, NodeNames.comingBack(settings.node()));
        local.startAsStandby();
    }

    private RejoinReport done(Upstream upstream, Way way, Optional<Position> divergence, Parked parked) {
        local.markUnfinished(false, "");
        local.dropSafetySlot();
        // only now do its confirmations count
        makeOwnSlot(upstream);
        local.setUpstream(upstream, settings.node().value());
        local.reload();
        Position position = probe.look().position();
        return new RejoinReport(way, divergence, parked.salvageId(), parked.changes(), position, parked.notes());
    }

    /** On the active, where this node was no member when it was promoted. */
    private void makeOwnSlot(Upstream upstream) {
        if (!local.streamsBySlot()) {
            return;
        }
        try (Connection connection = connections.to(upstream, ANSWER_LIMIT);
                Statement sql = connection.createStatement()) {
            LocalPostgres.makeStandbySlots(sql, List.of(settings.node()));
        } catch (SQLException e) {
            throw unreachable(upstream, e);
        }
    }

    private PostgresStatus startAndMeasure() {
        if (server.isRunning() && probe.look().inRecovery()) {
            if (!local.isStopped()) {
                local.stopReceiver(REPLAY_LIMIT);
            }
            return probe.look();
        }
        return local.startStandby();
    }

    private Active look(Upstream upstream, long epoch) {
        try (Connection connection = connections.to(upstream, ANSWER_LIMIT);
                Statement sql = connection.createStatement()) {
            if (LocalPostgres.flag(sql, "SELECT pg_is_in_recovery()")) {
                throw new ManagerException(
                        ErrorCode.CONFLICT, upstream + " is a standby itself", "wait for an active node");
            }
            long timeline = Long.parseLong(
                    LocalPostgres.text(sql, "SELECT pg_walfile_name(pg_current_wal_lsn())")
                            .substring(0, 8),
                    16);
            if (timeline != epoch) {
                throw new ManagerException(
                        ErrorCode.CONFLICT,
                        upstream + " is on timeline " + timeline + ", and the epoch is " + epoch,
                        "it is no longer, or not yet, the active of this epoch: try again");
            }
            long systemIdentifier =
                    Long.parseLong(LocalPostgres.text(sql, "SELECT system_identifier FROM pg_control_system()"));
            long segmentBytes = Long.parseLong(
                    LocalPostgres.text(sql, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"));
            Lsn flushed = Lsn.parse(LocalPostgres.text(sql, "SELECT pg_current_wal_flush_lsn()"));
            TimelineHistory history = timeline == 1
                    ? TimelineHistory.first()
                    : TimelineHistory.parse(
                            timeline,
                            LocalPostgres.text(
                                    sql,
                                    "SELECT convert_from(pg_read_binary_file('pg_wal/"
                                            + TimelineHistory.fileName(timeline) + "'), 'UTF8')"));
            return new Active(systemIdentifier, segmentBytes, history, flushed, hasCheckpoint(sql, timeline));
        } catch (SQLException e) {
            throw unreachable(upstream, e);
        }
    }

    /**
     * Two nodes on one timeline have one history as long as epochs are timelines. Where somebody promoted by hand they may not, and then
     * neither pg_rewind nor a WAL receiver says a word: so the last bytes of the log are compared.
     */
    private boolean sameBytes(Upstream upstream, Active active, Position own) {
        if (own.lsn().compareTo(active.flushed()) > 0) {
            return false;
        }
        long segmentBytes = active.segmentBytes();
        long inSegment = own.lsn().value() % segmentBytes;
        if (inSegment == 0) {
            return true;
        }
        long segment = own.lsn().value() / segmentBytes;
        long perId = (1L << 32) / segmentBytes;
        String name = String.format(Locale.ROOT, "%08X%08X%08X", own.timeline(), segment / perId, segment % perId);
        int length = (int) Math.min(inSegment, COMPARED_BYTES);
        long offset = inSegment - length;
        byte[] mine = new byte[length];
        Path file = files.data().resolve("pg_wal").resolve(name);
        if (!Files.exists(file)) {
            return true; // nothing to compare: whether it streams will tell
        }
        try (RandomAccessFile wal = new RandomAccessFile(file.toFile(), "r")) {
            wal.seek(offset);
            wal.readFully(mine);
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INTERNAL_SERVER, "cannot read " + file + ": " + e, null, e);
        }
        try (Connection connection = connections.to(upstream, ANSWER_LIMIT);
                PreparedStatement query = connection.prepareStatement("SELECT pg_read_binary_file(?, ?, ?, true)")) {
            query.setString(1, "pg_wal/" + name);
            query.setLong(2, offset);
            query.setLong(3, length);
            try (ResultSet row = query.executeQuery()) {
                byte @Nullable [] theirs = row.next() ? row.getBytes(1) : null;
                return theirs == null || Arrays.equals(mine, theirs);
            }
        } catch (SQLException e) {
            throw unreachable(upstream, e);
        }
    }

    private Map<Long, Commit> commits(Stretch stretch) {
        Command.Result dumped = new Command(
                        files.user()
                                .command(List.of(
                                        binaries.program("pg_waldump"),
                                        "--path=" + files.data().resolve("pg_wal"),
                                        "--timeline=" + stretch.timeline(),
                                        "--start=" + stretch.start(),
                                        "--end=" + stretch.end(),
                                        "--rmgr=Transaction")),
                        Map.of())
                .run(ANSWER_LIMIT);
        return DivergedCommits.parse(stretch.timeline(), dumped.orThrow());
    }

    private Command.Result rewind(Upstream upstream) {
        List<String> words = new ArrayList<>(List.of(
                binaries.program("pg_rewind"),
                NO_SYNC,
                "--target-pgdata=" + files.data(),
                "--source-server=" + PostgresConfiguration.connection(upstream, files.passwordFile()) + " dbname="
                        + settings.database() + " connect_timeout=5"));
        local.setUpstream(upstream, NodeNames.comingBack(settings.node()));
        return new Command(files.user().command(words), Map.of()).run(REWIND_LIMIT);
    }

    /** Until the active's control file has its new timeline: before, pg_rewind takes it for the former one. */
    private void awaitCheckpoint(Upstream upstream, Active active) {
        if (active.checkpointed()) {
            return;
        }
        long deadline = System.nanoTime() + CHECKPOINT_LIMIT.toNanos();
        try (Connection connection = connections.to(upstream, ANSWER_LIMIT);
                Statement sql = connection.createStatement()) {
            while (!hasCheckpoint(sql, active.history().timeline())) {
                if (System.nanoTime() >= deadline) {
                    throw new ManagerException(
                            ErrorCode.SERVICE_UNAVAILABLE,
                            upstream + " has written no checkpoint since its promotion, within " + CHECKPOINT_LIMIT,
                            "a rewind needs one; it is tried again");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        } catch (SQLException e) {
            throw unreachable(upstream, e);
        }
    }

    private static boolean hasCheckpoint(Statement sql, long timeline) throws SQLException {
        return LocalPostgres.flag(sql, "SELECT timeline_id = " + timeline + " FROM pg_control_checkpoint()");
    }

    /**
     * Streams, on the active's timeline, and has replayed what the active had: a receiver alone may stream what replay refuses. Waits as
     * long as it comes nearer.
     */
    private boolean verified(Upstream upstream, Active active, Way way) {
        Position furthest = Position.NONE;
        long deadline = System.nanoTime() + VERIFY_LIMIT.toNanos();
        String last = "";
        while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted()) {
            try {
                PostgresStatus status = probe.look();
                Position replayed = new Position(status.position().timeline(), local.replayed(ANSWER_LIMIT));
                boolean streams = status.receiver()
                        .filter(receiver -> receiver.streaming()
                                && receiver.timeline() == active.history().timeline())
                        .isPresent();
                if (streams
                        && replayed.timeline() == active.history().timeline()
                        && replayed.lsn().compareTo(active.flushed()) >= 0) {
                    return true;
                }
                if (replayed.compareTo(furthest) > 0) {
                    furthest = replayed;
                    deadline = System.nanoTime() + VERIFY_LIMIT.toNanos();
                }
                last = status.toString();
            } catch (ManagerException e) {
                last = e.detail();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        LOG.warnf("node %s does not follow %s (%s): %s", settings.node(), upstream, way, last);
        return false;
    }

    private static ManagerException unreachable(Upstream upstream, SQLException cause) {
        return new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "PostgreSQL of " + upstream + " does not answer: " + cause.getMessage(),
                "see whether that node is up and its port is open to this node",
                cause);
    }

    /** What was parked on the active. */
    record Parked(OptionalLong salvageId, long changes, List<String> notes) {
        static final Parked NOTHING = new Parked(OptionalLong.empty(), 0, List.of());
    }
}
