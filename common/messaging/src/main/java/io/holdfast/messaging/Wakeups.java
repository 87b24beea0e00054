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
import java.util.stream.Collectors;
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
    private static final int VALID_SECONDS = 10;

    private final String url;
    private final String username;
    private final String password;
    private final Duration pollInterval;
    private final Map<String, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();
    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private volatile boolean running;
    private @Nullable Thread thread;
    private volatile List<Question> outboxQuestions = List.of();

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

    /** One column of the poll. */
    private record Question(String name, String sql, Runnable whenTrue) {}

    /**
     * Asks one thing more in the one statement that this JVM sends each poll interval, however many ask. May be called at any time.
     *
     * @param name for people, where the question fails
     * @param booleanSql an expression without parameters, cheap, for example {@code EXISTS (SELECT FROM s.t WHERE due <=
     *     statement_timestamp())}; it runs as the login role, which owns all schemas
     * @param whenTrue runs on the listening thread: it must only signal
     */
    public void pollAlso(String name, String booleanSql, Runnable whenTrue) {
        questions.add(new Question(name, booleanSql, whenTrue));
    }

    synchronized void start(List<ServiceSchema> watched, Consumer<String> onOutbox, Consumer<String> onParked) {
        outboxQuestions = questionsOf(watched, onOutbox, onParked);
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
            } catch (SQLException | RuntimeException e) {
                if (running) {
                    tell(e);
                    sleep(pause);
                    pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                }
            }
        }
    }

    private static void tell(Exception ended) {
        if (ended instanceof SQLException lost) {
            LOG.warnf("Lost the listening connection to the database, connecting again: %s", reason(lost));
        } else {
            LOG.errorf(ended, "The listening connection met what it does not expect, connecting again");
        }
    }

    /** The driver hides why behind words such as "The connection attempt failed". */
    static String reason(SQLException lost) {
        Throwable cause = lost.getCause();
        return cause == null ? lost.getMessage() : lost.getMessage() + " (" + cause + ")";
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
        List<Question> asked = allQuestions();
        PreparedStatement poll = statement(connection, asked);
        try {
            long nextPoll = System.nanoTime();
            while (running) {
                listenToNew(connection, listening);
                if (System.nanoTime() - nextPoll >= 0) {
                    List<Question> current = allQuestions();
                    if (!current.equals(asked)) {
                        poll.close();
                        asked = current;
                        poll = statement(connection, asked);
                    }
                    poll(connection, poll, asked);
                    nextPoll = System.nanoTime() + pollInterval.toNanos();
                }
                PGNotification[] notifications = notified.getNotifications(LISTEN_SLICE_MILLIS);
                if (notifications != null) {
                    for (PGNotification notification : notifications) {
                        tell(notification.getName(), notification.getParameter());
                    }
                }
            }
        } finally {
            poll.close();
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

    /** As if the notification of what this JVM has just committed had come. */
    void relayOf(String service) {
        tell(Outbox.NOTIFY_CHANNEL, service);
    }

    private void tell(String channel, String payload) {
        for (Consumer<String> listener : listeners.getOrDefault(channel, List.of())) {
            listener.accept(payload);
        }
    }

    private List<Question> allQuestions() {
        List<Question> all = new ArrayList<>(outboxQuestions);
        all.addAll(questions);
        return all;
    }

    private static List<Question> questionsOf(
            List<ServiceSchema> services, Consumer<String> onOutbox, Consumer<String> onParked) {
        List<Question> own = new ArrayList<>();
        for (ServiceSchema service : services) {
            String schema = service.controlSchema();
            String name = service.name();
            OutgoingSource source = service.source();
            own.add(new Question(
                    "outbox of " + name,
                    "EXISTS (SELECT FROM " + schema + ".outbox WHERE not_before <= statement_timestamp())"
                            + (source == null ? "" : " OR " + source.waitingSql()),
                    () -> onOutbox.accept(name)));
            own.add(new Question(
                    "parked messages of " + name,
                    "EXISTS (SELECT FROM " + schema
                            + ".parked_message WHERE state = 'waiting' AND next_try <= statement_timestamp())",
                    () -> onParked.accept(name)));
        }
        return own;
    }

    private static PreparedStatement statement(Connection connection, List<Question> asked) throws SQLException {
        String columns = asked.stream().map(Question::sql).collect(Collectors.joining(", "));
        return connection.prepareStatement("SELECT " + columns);
    }

    private static void poll(Connection connection, PreparedStatement poll, List<Question> asked) throws SQLException {
        List<Question> yes;
        try {
            yes = ask(poll, asked);
        } catch (SQLException e) {
            if (connection.isClosed() || !connection.isValid(VALID_SECONDS)) {
                throw e;
            }
            yes = askOneByOne(connection, asked);
        }
        yes.forEach(question -> question.whenTrue().run());
    }

    private static List<Question> ask(PreparedStatement poll, List<Question> asked) throws SQLException {
        List<Question> yes = new ArrayList<>();
        try (ResultSet row = poll.executeQuery()) {
            row.next();
            for (int i = 0; i < asked.size(); i++) {
                if (row.getBoolean(i + 1)) {
                    yes.add(asked.get(i));
                }
            }
        }
        return yes;
    }

    /** One question that cannot be answered, for example while its table is exchanged, must not silence the others. */
    private static List<Question> askOneByOne(Connection connection, List<Question> asked) throws SQLException {
        List<Question> yes = new ArrayList<>();
        for (Question question : asked) {
            try (PreparedStatement single = statement(connection, List.of(question))) {
                yes.addAll(ask(single, List.of(question)));
            } catch (SQLException e) {
                if (connection.isClosed()) {
                    throw e;
                }
                LOG.warnf("Cannot look at %s: %s", question.name(), e.getMessage());
            }
        }
        return yes;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
