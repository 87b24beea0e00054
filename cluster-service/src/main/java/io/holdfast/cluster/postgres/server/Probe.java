package io.holdfast.cluster.postgres.server;

import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Position;
import io.holdfast.cluster.postgres.PostgresStatus;
import io.holdfast.cluster.postgres.PostgresStatus.Receiver;
import io.holdfast.cluster.postgres.StandbyStatus;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the own server by two connections that stay open. Each answer is waited for at most the limit; what is late or broken
 * closes the connections, and the next probe opens new ones.
 */
final class Probe implements AutoCloseable {
    private static final String STATE = """
            SELECT pg_is_in_recovery(), current_setting('synchronous_standby_names'),
                   CASE WHEN pg_is_in_recovery() THEN NULL
                        ELSE pg_walfile_name(pg_current_wal_lsn()) END AS file,
                   CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn()::text END AS flushed,
                   (SELECT system_identifier FROM pg_control_system()) AS system_identifier,
                   receiver.status, receiver.sender_host, receiver.sender_port, receiver.received_tli
              FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver AS receiver ON true""";

    private static final String STANDBYS = """
            SELECT application_name, state, sync_state IN ('sync', 'quorum') AS counts, flush_lsn::text, replay_lsn::text,
                   greatest(0, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), flush_lsn))::bigint AS lag
              FROM pg_stat_replication
             WHERE flush_lsn IS NOT NULL AND state IN ('streaming', 'catchup')""";

    private final LocalConnections connections;
    private final Duration limit;
    private final Object monitor = new Object();
    private @Nullable Connection sql;
    private @Nullable Connection commands;

    Probe(LocalConnections connections, Duration limit) {
        this.connections = connections;
        this.limit = limit;
    }

    PostgresStatus look() {
        synchronized (monitor) {
            try {
                return read();
            } catch (SQLException | IllegalArgumentException e) {
                close();
                throw new ManagerException(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        "PostgreSQL does not answer the probe: " + e.getMessage(),
                        null,
                        e);
            }
        }
    }

    private PostgresStatus read() throws SQLException {
        Connection connection = sql;
        if (connection == null) {
            connection = connections.local("postgres", limit);
            sql = connection;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STATE)) {
            row.next();
            boolean inRecovery = row.getBoolean(1);
            long systemIdentifier = row.getLong("system_identifier");
            String sync = row.getString(2);
            Optional<Receiver> receiver = receiver(row);
            if (inRecovery) {
                return new PostgresStatus(systemIdentifier, true, standbyPosition(), receiver, List.of(), sync);
            }
            Position position = new Position(
                    Long.parseLong(row.getString("file").substring(0, 8), 16), Lsn.parse(row.getString("flushed")));
            return new PostgresStatus(systemIdentifier, false, position, Optional.empty(), standbys(connection), sync);
        }
    }

    private static Optional<Receiver> receiver(ResultSet row) throws SQLException {
        @Nullable String status = row.getString("status");
        if (status == null) {
            return Optional.empty();
        }
        @Nullable String host = row.getString("sender_host");
        return Optional.of(new Receiver(
                status.equals("streaming"),
                host == null ? "" : host,
                row.getInt("sender_port"),
                row.getLong("received_tli")));
    }

    /**
     * What the server itself would tell a standby of its own: the timeline of what it replayed, and the greater of received and
     * replayed. The control file's timeline is as old as the last restartpoint, and the received position alone goes back to the start
     * of a WAL file whenever a stream begins.
     */
    private Position standbyPosition() throws SQLException {
        Connection connection = commands;
        if (connection == null) {
            connection = connections.replication(limit);
            commands = connection;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new Position(row.getLong("timeline"), Lsn.parse(row.getString("xlogpos")));
        }
    }

    private static List<StandbyStatus> standbys(Connection connection) throws SQLException {
        List<StandbyStatus> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(STANDBYS)) {
            while (row.next()) {
                String name = row.getString("application_name");
                if (!NodeNames.isNode(name)) {
                    continue; // a base backup, or a node that is still coming back
                }
                Lsn flushed = Lsn.parse(row.getString("flush_lsn"));
                @Nullable String replayed = row.getString("replay_lsn");
                found.add(new StandbyStatus(
                        new NodeId(name),
                        row.getString("state").equals("streaming"),
                        row.getBoolean("counts"),
                        flushed,
                        replayed == null ? flushed : Lsn.parse(replayed),
                        row.getLong("lag")));
            }
        }
        return found;
    }

    @Override
    public void close() {
        synchronized (monitor) {
            Quietly.close(sql);
            Quietly.close(commands);
            sql = null;
            commands = null;
        }
    }
}
