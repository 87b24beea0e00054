package io.holdfast.role;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The role by a lease in a database that several managers share. One row says who is active, in which epoch, and until when, by the
 * database's clock alone. The active one renews it; when it is not renewed, another takes it with the next epoch and ends all sessions
 * of the others before it acts.
 *
 * <p>What makes it safe is not the time but the sessions: each session of each manager begins with {@code holdfast_ha.enter}, which
 * marks it (a shared advisory lock) and then looks at the row; only the holder's can write. A takeover first commits the row, then
 * ends every marked session of anybody else and waits until they are gone. A session is either seen and ended, or it came after and
 * has seen the new row. So no transaction of a former active commits after the takeover, whatever its process believes.
 */
final class DatabaseLease implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DatabaseLease.class);

    /** First half of the key of all advisory locks that mark a session; the other half is its manager's. */
    static final int SESSIONS = 0x686f6c65;

    private static final long SETUP_LOCK = 0x686f6c64_00000003L;
    private static final int CONNECT_SECONDS = 2;
    private static final long PAUSE_MILLIS = 250;
    private static final long LONGEST_END_OF_SESSIONS_MILLIS = 30_000;

    private static final String SETUP = """
            CREATE SCHEMA IF NOT EXISTS holdfast_ha;
            CREATE TABLE IF NOT EXISTS holdfast_ha.cluster_lease (
                id          smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
                holder      text NOT NULL,
                node        text NOT NULL,
                manager_url text,
                epoch       bigint NOT NULL,
                until       timestamptz NOT NULL
            );
            CREATE TABLE IF NOT EXISTS holdfast_ha.epochs (
                epoch bigint PRIMARY KEY,
                node  text NOT NULL,
                at    timestamptz NOT NULL DEFAULT clock_timestamp()
            );
            INSERT INTO holdfast_ha.cluster_lease (holder, node, epoch, until) VALUES ('', '', 0, '-infinity') ON CONFLICT DO NOTHING;
            CREATE OR REPLACE FUNCTION holdfast_ha.enter(manager text) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_advisory_lock_shared(%d, hashtext(manager));
                -- A statement of its own, whose snapshot is younger than the lock.
                IF NOT EXISTS (SELECT FROM holdfast_ha.cluster_lease WHERE holder = manager) THEN
                    PERFORM set_config('default_transaction_read_only', 'on', false);
                END IF;
            END
            $$;
            """.formatted(SESSIONS);

    private final String url;
    private final Properties properties;
    private final String manager;
    private final String node;
    private final @Nullable URI managerUrl;
    private final Duration lease;
    private final Duration renewal;
    private final NodeRole role;
    private final Thread thread = new Thread(this::run, "holdfast-role");
    private volatile boolean running = true;
    private boolean holding;
    private @Nullable Connection connection;

    /**
     * @param manager of this start of this process alone: a process that starts again is another one
     * @param managerUrl by which others reach it
     */
    DatabaseLease(
            String url,
            String username,
            String password,
            String manager,
            String node,
            @Nullable URI managerUrl,
            Duration lease,
            Duration renewal,
            NodeRole role) {
        if (lease.compareTo(renewal.multipliedBy(3)) < 0 || renewal.isZero() || renewal.isNegative()) {
            throw new IllegalArgumentException("holdfast.cluster.lease is " + lease + " and lease-renewal " + renewal
                    + "; expected a lease of at least three renewals, so that one that is late does not end it");
        }
        this.url = url;
        this.manager = manager;
        this.node = node;
        this.managerUrl = managerUrl;
        this.lease = lease;
        this.renewal = renewal;
        this.role = role;
        this.properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "holdfast-lease");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_SECONDS));
        properties.setProperty("socketTimeout", String.valueOf(Math.max(1, lease.toSeconds())));
        properties.setProperty("tcpKeepAlive", "true");
        thread.setDaemon(true);
    }

    /**
     * Makes what it needs in the database, takes the lease if it is free, and goes on in a thread of its own.
     *
     * @throws IllegalStateException if the database cannot be used
     */
    void start() {
        try {
            setUp();
            turn();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot use the lease in the database: " + e.getMessage()
                            + "; the login role must own the database or schema holdfast_ha",
                    e);
        }
        thread.start();
    }

    /** Gives the lease back, so that another need not wait for its end. */
    @Override
    public void close() {
        running = false;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2L * CONNECT_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean failing = false;
        while (running) {
            try {
                Thread.sleep(failing ? PAUSE_MILLIS : renewal.toMillis());
                turn();
                failing = false;
            } catch (InterruptedException e) {
                LOG.debug("The lease is looked at no more");
                break;
            } catch (SQLException e) {
                drop();
                if (!failing) {
                    LOG.warnf("The lease in the database cannot be looked at: %s", e.getMessage());
                }
                failing = true;
                role.expire();
            }
        }
        giveBack();
    }

    private void setUp() throws SQLException {
        try (Statement statement = connected().createStatement()) {
            connected().setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + SETUP_LOCK + ")");
            statement.execute(SETUP);
            connected().commit();
        } finally {
            connected().setAutoCommit(true);
        }
    }

    private void turn() throws SQLException {
        long asked = System.nanoTime();
        if (holding) {
            long epoch = renewed();
            if (epoch >= 0) {
                role.learned(active(epoch), asked + lease.toNanos());
                return;
            }
            LOG.warn("Another manager has taken the lease: this one is not active any more");
            holding = false;
        }
        look(asked);
    }

    private Role active(long epoch) {
        return new Role(true, epoch, node, managerUrl);
    }

    private long renewed() throws SQLException {
        try (PreparedStatement update = connected()
                .prepareStatement("UPDATE holdfast_ha.cluster_lease SET until = clock_timestamp() + ? * interval '1 ms'"
                        + " WHERE holder = ? RETURNING epoch")) {
            update.setLong(1, lease.toMillis());
            update.setString(2, manager);
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    private void look(long asked) throws SQLException {
        try (PreparedStatement select = connected()
                        .prepareStatement("SELECT until < clock_timestamp(), epoch, node, manager_url"
                                + " FROM holdfast_ha.cluster_lease");
                ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("holdfast_ha.cluster_lease has no row; start a manager again to make it");
            }
            if (row.getBoolean(1)) {
                takeOver();
                return;
            }
            String address = row.getString(4);
            role.learned(
                    new Role(false, row.getLong(2), row.getString(3), address == null ? null : URI.create(address)),
                    asked + lease.toNanos());
        }
    }

    private void takeOver() throws SQLException {
        long asked = System.nanoTime();
        long epoch = taken();
        if (epoch < 0) {
            return;
        }
        endOtherSessions();
        // Ending sessions may have taken long; what counts is that the row is still ours.
        long renewedAt = System.nanoTime();
        if (renewedAt - asked > renewal.toNanos() && renewed() < 0) {
            return;
        }
        holding = true;
        LOG.infof("This manager (%s) has taken the lease, epoch %d", node, epoch);
        role.learned(active(epoch), (renewedAt - asked > renewal.toNanos() ? renewedAt : asked) + lease.toNanos());
    }

    private long taken() throws SQLException {
        try (PreparedStatement update = connected()
                .prepareStatement("WITH taken AS (UPDATE holdfast_ha.cluster_lease SET holder = ?, node = ?,"
                        + " manager_url = ?, epoch = epoch + 1, until = clock_timestamp() + ? * interval '1 ms'"
                        + " WHERE until < clock_timestamp() RETURNING epoch, node),"
                        + " written AS (INSERT INTO holdfast_ha.epochs (epoch, node, at)"
                        + " SELECT epoch, node, clock_timestamp() FROM taken)"
                        + " SELECT epoch FROM taken")) {
            update.setString(1, manager);
            update.setString(2, node);
            update.setString(3, managerUrl == null ? null : managerUrl.toString());
            update.setLong(4, lease.toMillis());
            try (ResultSet row = update.executeQuery()) {
                return row.next() ? row.getLong(1) : -1;
            }
        }
    }

    private void endOtherSessions() throws SQLException {
        long givingUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_END_OF_SESSIONS_MILLIS);
        while (true) {
            int left = 0;
            try (PreparedStatement end = connected()
                    .prepareStatement(
                            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                                    + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                                    + " AND classid::bigint = ? AND objsubid = 2 AND objid::bigint <> (hashtext(?)::bigint & 4294967295)")) {
                end.setLong(1, SESSIONS);
                end.setString(2, manager);
                try (ResultSet rows = end.executeQuery()) {
                    while (rows.next()) {
                        left++;
                    }
                }
            }
            if (left == 0) {
                return;
            }
            if (System.nanoTime() - givingUp > 0) {
                throw new SQLException(
                        left + " sessions of the former active manager do not end; end their backends by hand");
            }
            if (renewed() < 0) {
                throw new SQLException("the lease was lost while sessions of the former active manager were ended");
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("interrupted while sessions of the former active manager were ended", e);
            }
        }
    }

    private void giveBack() {
        role.end();
        try {
            if (holding) {
                try (PreparedStatement update = connected()
                        .prepareStatement(
                                "UPDATE holdfast_ha.cluster_lease SET until = '-infinity' WHERE holder = ?")) {
                    update.setString(1, manager);
                    update.executeUpdate();
                }
            }
        } catch (SQLException e) {
            LOG.warnf("The lease could not be given back; another manager waits for its end: %s", e.getMessage());
        } finally {
            drop();
        }
    }

    private Connection connected() throws SQLException {
        Connection current = connection;
        if (current == null || current.isClosed()) {
            current = DriverManager.getConnection(url, properties);
            connection = current;
        }
        return current;
    }

    private void drop() {
        Connection current = connection;
        connection = null;
        if (current != null) {
            try {
                current.close();
            } catch (SQLException e) {
                LOG.debugf("The lease's connection did not close in order: %s", e.getMessage());
            }
        }
    }
}
