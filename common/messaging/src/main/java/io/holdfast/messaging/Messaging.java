package io.holdfast.messaging;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.role.NodeRole;
import io.holdfast.role.Role;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts and stops what moves messages in this JVM: the topology before any channel, then relays, wake-ups and retries. */
@ApplicationScoped
public class Messaging {

    private static final Logger LOG = Logger.getLogger(Messaging.class);

    /** After the database, before the channels. */
    private static final int AFTER_DATABASE = DatabaseStartup.PRIORITY + 100;

    /** After everything that may still append to an outbox. */
    static final int LAST = 100_000;

    private static final long PAUSE_MILLIS = 1_000;

    private final List<ServiceSchema> services;
    private final MessagingConfig config;
    private final String brokerUrl;
    private final KnownQueues knownQueues;
    private final MessageHandlers handlers;
    private final Event<BrokerRebuilt> brokerRebuilt;
    private final Wakeups wakeups;
    private final Clock clock;
    private final NodeRole role;
    private final Map<String, Relay> relays = new HashMap<>();
    private final Set<String> retrying = new HashSet<>();
    private volatile @Nullable Broker broker;
    private @Nullable ScheduledExecutorService jobs;

    Messaging(
            @All List<ServiceSchema> services,
            MessagingConfig config,
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = BrokerAddress.DEFAULT_URL) String brokerUrl,
            @ConfigProperty(name = "holdfast.database.url") String databaseUrl,
            @ConfigProperty(name = "holdfast.database.username") String databaseUsername,
            @ConfigProperty(name = "holdfast.database.password") String databasePassword,
            MessageHandlers handlers,
            Wakeups wakeups,
            Event<BrokerRebuilt> brokerRebuilt,
            Clock clock,
            NodeRole role) {
        this.services = services;
        this.knownQueues = new KnownQueues(databaseUrl, databaseUsername, databasePassword);
        this.brokerRebuilt = brokerRebuilt;
        this.config = config;
        this.brokerUrl = brokerUrl;
        this.handlers = handlers;
        this.wakeups = wakeups;
        this.clock = clock;
        this.role = role;
    }

    synchronized void start(@Observes @Priority(AFTER_DATABASE) StartupEvent start) {
        if (!config.enabled() || services.isEmpty()) {
            return;
        }
        List<BrokerLoss> losses = services.stream()
                .map(service -> new BrokerLoss(service, role::brokerEpoch, brokerRebuilt::fire))
                .toList();
        Broker connected = new Broker(BrokerAddress.parse(brokerUrl), knownQueues::all, fresh -> {
            if (role.isActive()) {
                for (BrokerLoss loss : losses) {
                    loss.check(fresh);
                }
            }
        });
        broker = connected;
        awaitBroker(connected);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "holdfast-messaging-jobs");
            thread.setDaemon(true);
            return thread;
        });
        jobs = executor;
        executor.scheduleWithFixedDelay(this::forgetOldMessages, 5, 15, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(this::measure, 0, 1, TimeUnit.MINUTES);
        DeadLetterDrain drain = new DeadLetterDrain(knownQueues, services.get(0).controlSchema(), maxBody());
        executor.scheduleWithFixedDelay(() -> keepConnected(connected, drain), 0, 1, TimeUnit.SECONDS);
        for (ServiceSchema service : services) {
            Relay relay = new Relay(service, connected, config, role::isActive);
            relays.put(service.name(), relay);
            relay.start();
        }
        wakeups.start(services, this::wakeRelay, name -> retryParked(executor, name));
        role.onChangeFirst(this::resetPools);
        role.onChange(now -> executor.execute(() -> followRole(now, connected)));
    }

    /** Sessions of the former role lead to a database that is not the active one any more, or may not write as this one may. */
    private void resetPools(Role now) {
        if (!role.isClustered()) {
            return;
        }
        AgroalDataSource.FlushMode mode =
                now.active() ? AgroalDataSource.FlushMode.GRACEFUL : AgroalDataSource.FlushMode.ALL;
        for (ServiceSchema service : services) {
            if (service.dataSource() instanceof AgroalDataSource pool) {
                pool.flush(mode);
            }
        }
    }

    /** A new connection to the broker sees to what it lacks before anything is published in the new epoch. */
    private void followRole(Role now, Broker connected) {
        if (role.isClustered() && now.active()) {
            connected.close();
            relays.values().forEach(Relay::wake);
        }
    }

    synchronized void stop(@Observes @Priority(LAST) ShutdownEvent stop) {
        wakeups.stop();
        if (jobs != null) {
            jobs.shutdownNow();
        }
        relays.values().forEach(Relay::close);
        relays.clear();
        Broker current = broker;
        if (current != null) {
            current.close();
        }
    }

    /** Whether the publishing connection is up. While it is not, events wait in the outboxes. */
    public boolean isBrokerConnected() {
        Broker current = broker;
        return current != null && current.isConnected();
    }

    /** Makes anew what somebody has deleted of the topology. */
    void declareQueues() throws IOException, TimeoutException {
        Broker current = broker;
        if (current != null) {
            current.declareQueues();
        }
    }

    /**
     * What publishes events of a service of this process again.
     *
     * @throws ManagerException SERVICE_UNAVAILABLE where messaging is off
     */
    public EventReplay replayOf(ServiceSchema service) {
        Broker current = broker;
        if (current == null) {
            throw new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "service " + service.name() + " has no broker",
                    "set holdfast.messaging.enabled=true");
        }
        return new EventReplay(service, current, config.confirmTimeout());
    }

    private void wakeRelay(String service) {
        Relay relay = relays.get(service);
        if (relay != null) {
            relay.wake();
        }
    }

    private void retryParked(ScheduledExecutorService executor, String name) {
        if (!role.isActive()) {
            return;
        }
        synchronized (retrying) {
            if (!retrying.add(name)) {
                return;
            }
        }
        executor.execute(() -> {
            try {
                services.stream().filter(service -> service.name().equals(name)).forEach(handlers::retryDue);
            } catch (RuntimeException e) {
                LOG.warnf("Parked messages of %s could not be tried: %s", name, e);
            } finally {
                synchronized (retrying) {
                    retrying.remove(name);
                }
            }
        });
    }

    private int maxBody() {
        return (int) Math.min(Integer.MAX_VALUE, config.maxBody().asLongValue());
    }

    /** Relays connect only when they have something to say; but a broker that came back empty needs its queues for those who listen. */
    private void keepConnected(Broker connected, DeadLetterDrain drain) {
        try {
            connected.connect();
            if (role.isActive()) {
                keepDraining(connected, drain);
            }
        } catch (IOException | TimeoutException | RuntimeException e) {
            LOG.debugf("Broker %s is away: %s", connected.address(), e.getMessage());
        }
    }

    private static void keepDraining(Broker connected, DeadLetterDrain drain) throws IOException, TimeoutException {
        try {
            drain.keepOpen(connected);
        } catch (IOException e) {
            if (!Broker.isNotFound(e)) {
                throw e;
            }
            connected.declareQueues();
            drain.keepOpen(connected);
        }
    }

    private void measure() {
        for (ServiceSchema service : services) {
            String schema = service.controlSchema();
            OutgoingSource source = service.source();
            String count = source == null ? "0" : source.countSql();
            String oldest = source == null ? "NULL" : source.oldestSql();
            try (Connection connection = service.dataSource().getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT (SELECT count(*) FROM " + schema
                            + ".parked_message WHERE state = 'dead'), (SELECT count(*) FROM " + schema
                            + ".outbox) + " + count
                            + ", coalesce(extract(epoch FROM statement_timestamp() - least((SELECT created_at FROM "
                            + schema + ".outbox ORDER BY seq LIMIT 1), " + oldest + ")), 0)::bigint");
                    ResultSet row = select.executeQuery()) {
                row.next();
                long dead = row.getLong(1);
                if (MessageMetrics.dead(service.name(), dead) < dead) {
                    LOG.warnf("%s messages to %s are dead and wait for an operator", dead, service.name());
                }
                MessageMetrics.outbox(service.name(), row.getLong(2), row.getLong(3));
            } catch (SQLException | RuntimeException e) {
                LOG.debugf(e, "Messages of %s were not counted", service.name());
            }
        }
    }

    private void forgetOldMessages() {
        if (!role.isActive()) {
            return;
        }
        for (ServiceSchema service : services) {
            forget(service, "inbox", "received_at", config.inboxRetention());
            forget(service, "parked_message", "state = 'discarded' AND decided_at", config.inboxRetention());
            forget(service, "outbox_sent", "published_at", config.sentRetention());
        }
    }

    private static void forget(ServiceSchema service, String table, String column, Duration retention) {
        try (Connection connection = service.dataSource().getConnection();
                PreparedStatement delete = connection.prepareStatement("DELETE FROM " + service.controlSchema() + "."
                        + table + " WHERE " + column + " < statement_timestamp() - ? * interval '1 second'")) {
            delete.setLong(1, retention.toSeconds());
            delete.executeUpdate();
        } catch (SQLException e) {
            LOG.warnf("Old messages of the %s of %s were not forgotten: %s", table, service.name(), e.getMessage());
        }
    }

    private void awaitBroker(Broker connecting) {
        Instant givingUp = clock.instant().plus(config.startupPatience());
        boolean told = false;
        while (true) {
            try {
                connecting.connect();
                return;
            } catch (IOException | TimeoutException e) {
                if (clock.instant().isAfter(givingUp)) {
                    throw NotStarted.broker(String.valueOf(connecting.address()), e);
                }
                if (!told) {
                    LOG.warnf(
                            "The broker at %s is not up yet, waiting up to %s: %s",
                            connecting.address(), config.startupPatience(), e);
                    told = true;
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the broker", e);
        }
    }
}
