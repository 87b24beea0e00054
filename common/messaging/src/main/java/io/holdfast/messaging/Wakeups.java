package io.holdfast.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Tells who waits that PostgreSQL was notified: one listening connection per JVM. A notification is a hint that may be lost; so each
 * waiting part also looks by itself now and then, and all are woken when the connection was lost and is back.
 */
@ApplicationScoped
public class Wakeups {

    private static final Logger LOG = Logger.getLogger(Wakeups.class);
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final int LISTEN_SLICE_MILLIS = 250;

    private final String url;
    private final String username;
    private final String password;
    private final Duration pollInterval;
    private final Map<String, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();
    private volatile boolean running;
    private @Nullable Thread thread;
    private List<ServiceSchema> services = List.of();
    private Consumer<String> outboxFilled = service -> {};
    private Consumer<String> parkedDue = service -> {};

    Wakeups(
            @ConfigProperty(name = "holdfast.database.url") String url,
            @ConfigProperty(name = "holdfast.database.username") String username,
            @ConfigProperty(name = "holdfast.database.password") String password,
            MessagingConfig config) {
        this.url = url;
        this.username = username;
        this.password = password;
        this.pollInterval = config.pollInterval();
    }

    /**
     * Calls {@code listener} with the payload of each notification on {@code channel}, and with an empty one after the connection
     * was lost. It runs on the listening thread: it must only signal.
     */
    public void on(String channel, Consumer<String> listener) {
        if (!channel.matches("[a-z_]{1,60}")) {
            throw new IllegalArgumentException("not a channel name: " + channel);
        }
        listeners.computeIfAbsent(channel, any -> new CopyOnWriteArrayList<>()).add(listener);
    }

    synchronized void start(List<ServiceSchema> watched, Consumer<String> onOutbox, Consumer<String> onParked) {
        services = List.copyOf(watched);
        outboxFilled = onOutbox;
        parkedDue = onParked;
        on(Outbox.NOTIFY_CHANNEL, service -> {
            if (!service.isEmpty()) {
                onOutbox.accept(service);
            }
        });
        running = true;
        Thread fresh = new Thread(this::run, "holdfast-wakeups");
        fresh.setDaemon(true);
        fresh.start();
        thread = fresh;
    }

    synchronized void stop() {
        running = false;
        Thread current = thread;
        if (current != null) {
            try {
                current.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (running) {
            try (Connection connection = DriverManager.getConnection(url, properties())) {
                pause = FIRST_PAUSE_MILLIS;
                listen(connection);
            } catch (SQLException e) {
                if (running) {
                    LOG.warnf("Lost the listening connection to the database, connecting again: %s", e.getMessage());
                    sleep(pause);
                    pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                }
            }
        }
    }

    /** A server that vanished without a word must be noticed: the poll of each second would wait for its answer for ever. */
    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "holdfast-wakeups");
        return properties;
    }

    private void listen(Connection connection) throws SQLException {
        PGConnection notified = connection.unwrap(PGConnection.class);
        Set<String> listening = new HashSet<>();
        try (PreparedStatement poll = pollStatement(connection)) {
            long nextPoll = System.nanoTime();
            while (running) {
                listenToNew(connection, listening);
                if (System.nanoTime() - nextPoll >= 0) {
                    poll(poll);
                    nextPoll = System.nanoTime() + pollInterval.toNanos();
                }
                PGNotification[] notifications = notified.getNotifications(LISTEN_SLICE_MILLIS);
                if (notifications != null) {
                    for (PGNotification notification : notifications) {
                        tell(notification.getName(), notification.getParameter());
                    }
                }
            }
        }
    }

    private void listenToNew(Connection connection, Set<String> listening) throws SQLException {
        for (String channel : listeners.keySet()) {
            if (listening.add(channel)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("LISTEN " + channel);
                }
                tell(channel, "");
            }
        }
    }

    private void tell(String channel, String payload) {
        for (Consumer<String> listener : listeners.getOrDefault(channel, List.of())) {
            listener.accept(payload);
        }
    }

    private @Nullable PreparedStatement pollStatement(Connection connection) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (ServiceSchema service : services) {
            String schema = service.controlSchema();
            parts.add("SELECT '" + service.name() + "', EXISTS (SELECT FROM " + schema
                    + ".outbox WHERE not_before <= statement_timestamp()), EXISTS (SELECT FROM " + schema
                    + ".parked_message WHERE state = 'waiting' AND next_try <= statement_timestamp())");
        }
        return parts.isEmpty() ? null : connection.prepareStatement(String.join(" UNION ALL ", parts));
    }

    private void poll(@Nullable PreparedStatement poll) throws SQLException {
        if (poll == null) {
            return;
        }
        try (ResultSet rows = poll.executeQuery()) {
            while (rows.next()) {
                if (rows.getBoolean(2)) {
                    outboxFilled.accept(rows.getString(1));
                }
                if (rows.getBoolean(3)) {
                    parkedDue.accept(rows.getString(1));
                }
            }
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
