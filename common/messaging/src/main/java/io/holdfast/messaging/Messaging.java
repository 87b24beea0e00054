package io.holdfast.messaging;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
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
    private static final int LAST = 100_000;

    private static final long PAUSE_MILLIS = 1_000;

    private final List<ServiceSchema> services;
    private final MessagingConfig config;
    private final String brokerUrl;
    private final MessageHandlers handlers;
    private final Wakeups wakeups;
    private final Clock clock;
    private final Map<String, Relay> relays = new HashMap<>();
    private final Set<String> retrying = new HashSet<>();
    private @Nullable Broker broker;
    private @Nullable ScheduledExecutorService jobs;

    Messaging(
            @All List<ServiceSchema> services,
            MessagingConfig config,
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = "amqp://guest:guest@localhost:5672/")
                    String brokerUrl,
            MessageHandlers handlers,
            Wakeups wakeups,
            Clock clock) {
        this.services = services;
        this.config = config;
        this.brokerUrl = brokerUrl;
        this.handlers = handlers;
        this.wakeups = wakeups;
        this.clock = clock;
    }

    synchronized void start(@Observes @Priority(AFTER_DATABASE) StartupEvent start) {
        if (!config.enabled() || services.isEmpty()) {
            return;
        }
        Broker connected = new Broker(
                BrokerAddress.parse(brokerUrl),
                services.stream().flatMap(service -> service.queues().stream()).toList());
        broker = connected;
        awaitBroker(connected);
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "holdfast-messaging-jobs");
            thread.setDaemon(true);
            return thread;
        });
        jobs = executor;
        executor.scheduleWithFixedDelay(this::forgetOldMessages, 5, 60, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(this::countDeadMessages, 0, 1, TimeUnit.MINUTES);
        executor.scheduleWithFixedDelay(() -> keepConnected(connected), 1, 1, TimeUnit.SECONDS);
        for (ServiceSchema service : services) {
            Relay relay = new Relay(service, connected, config.relayBatch(), config.confirmTimeout());
            relays.put(service.name(), relay);
            relay.start();
        }
        wakeups.start(services, this::wakeRelay, name -> retryParked(executor, name));
    }

    synchronized void stop(@Observes @Priority(LAST) ShutdownEvent stop) {
        wakeups.stop();
        if (jobs != null) {
            jobs.shutdownNow();
        }
        relays.values().forEach(Relay::close);
        relays.clear();
        if (broker != null) {
            broker.close();
        }
    }

    /** Whether the publishing connection is up. While it is not, events wait in the outboxes. */
    public synchronized boolean isBrokerConnected() {
        return broker != null && broker.isConnected();
    }

    private void wakeRelay(String service) {
        Relay relay = relays.get(service);
        if (relay != null) {
            relay.wake();
        }
    }

    private void retryParked(ScheduledExecutorService executor, String name) {
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

    /** Relays connect only when they have something to say; but a broker that came back empty needs its queues for those who listen. */
    private static void keepConnected(Broker connected) {
        if (connected.isConnected()) {
            return;
        }
        try {
            connected.connect();
        } catch (IOException | TimeoutException | RuntimeException e) {
            LOG.debugf("Broker %s is away: %s", connected.address(), e.getMessage());
        }
    }

    private void countDeadMessages() {
        for (ServiceSchema service : services) {
            try {
                long dead = new ParkedMessages(service.dataSource(), service.controlSchema()).countDead();
                if (MessageMetrics.dead(service.name(), dead) < dead) {
                    LOG.warnf("%s messages to %s are dead and wait for an operator", dead, service.name());
                }
            } catch (RuntimeException e) {
                LOG.debugf(e, "Dead messages of %s were not counted", service.name());
            }
        }
    }

    private void forgetOldMessages() {
        for (ServiceSchema service : services) {
            try (Connection connection = service.dataSource().getConnection();
                    PreparedStatement delete = connection.prepareStatement("DELETE FROM " + service.controlSchema()
                            + ".inbox WHERE received_at < statement_timestamp() - ? * interval '1 second'")) {
                delete.setLong(1, config.inboxRetention().toSeconds());
                delete.executeUpdate();
            } catch (SQLException e) {
                LOG.warnf("Old messages of the inbox of %s were not forgotten: %s", service.name(), e.getMessage());
            }
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
                    throw new IllegalStateException("cannot use the broker at " + connecting.address(), e);
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
