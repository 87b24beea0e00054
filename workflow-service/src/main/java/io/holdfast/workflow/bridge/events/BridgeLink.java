package io.holdfast.workflow.bridge.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.holdfast.http.ExecutionTokens;
import io.holdfast.http.PluginTokens;
import io.holdfast.messaging.Broker;
import io.holdfast.messaging.BrokerAddress;
import io.holdfast.messaging.MessageHandler;
import io.holdfast.messaging.MessageHandlers;
import io.holdfast.messaging.MessagingConfig;
import io.holdfast.messaging.Wakeups;
import io.holdfast.role.NodeRole;
import io.holdfast.workflow.WorkflowMessaging;
import io.holdfast.workflow.bridge.Letter;
import io.holdfast.workflow.bridge.Letters;
import io.holdfast.workflow.bridge.app.BridgeConfig;
import io.holdfast.workflow.bridge.app.TakeReports;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The bridge's own connection: publishes letters one by one, persistent and mandatory, each confirmed before the next, with no property
 * but the delivery mode; and takes reports, each handled or parked before it is acknowledged. The common relay tells messages apart by
 * their ids, which these must not have.
 */
@ApplicationScoped
public class BridgeLink {

    private static final Logger LOG = Logger.getLogger(BridgeLink.class);

    /** After the database and the common topology. */
    private static final int PRIORITY = 600;

    private static final BasicProperties PERSISTENT =
            new BasicProperties.Builder().deliveryMode(2).build();

    private static final int BATCH = 100;
    private static final int PREFETCH = 32;

    /** How often it is looked whether the reports' queue is there still: not every broker tells its consumers that it is deleted. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final BridgeConfig config;
    private final MessagingConfig messaging;
    private final String brokerUrl;
    private final Letters letters;
    private final ExecutionTokens tokens;
    private final PluginTokens pluginTokens;
    private final Clock clock;
    private final ObjectMapper json;
    private final Wakeups wakeups;
    private final MessageHandler reports;
    private final NodeRole role;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean running;
    private volatile @Nullable String returned;
    private @Nullable Thread thread;

    BridgeLink(
            BridgeConfig config,
            MessagingConfig messaging,
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = BrokerAddress.DEFAULT_URL) String brokerUrl,
            Letters letters,
            ExecutionTokens tokens,
            PluginTokens pluginTokens,
            Clock clock,
            ObjectMapper json,
            Wakeups wakeups,
            MessageHandlers handlers,
            TakeReports takeReports,
            NodeRole role) {
        this.role = role;
        this.config = config;
        this.messaging = messaging;
        this.brokerUrl = brokerUrl;
        this.letters = letters;
        this.tokens = tokens;
        this.pluginTokens = pluginTokens;
        this.clock = clock;
        this.json = json;
        this.wakeups = wakeups;
        this.reports = handlers.consuming(WorkflowMessaging.SERVICE, BridgeTopology.REPORTS)
                .onAnything(takeReports::take)
                .build();
    }

    void start(@Observes @Priority(PRIORITY) StartupEvent start) {
        if (!config.enabled() || !messaging.enabled()) {
            return;
        }
        if (config.pluginTokenLifetime().isNegative()
                || config.pluginTokenLifetime().isZero()) {
            throw new IllegalArgumentException(
                    "holdfast.workflow.bridge.plugin-token-lifetime must be more than zero, but is "
                            + config.pluginTokenLifetime());
        }
        running = true;
        wakeups.on(Letters.NOTIFY_CHANNEL, any -> wakeUps.release());
        Thread link = new Thread(this::run, "holdfast-bridge");
        link.setDaemon(true);
        thread = link;
        link.start();
    }

    void stop(@Observes ShutdownEvent stop) {
        running = false;
        Thread link = thread;
        if (link == null) {
            return;
        }
        link.interrupt();
        try {
            link.join(messaging.confirmTimeout().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        boolean told = false;
        try {
            while (running) {
                if (!role.awaitActive(LONGEST_PAUSE.toMillis())) {
                    continue;
                }
                try (Broker broker = new Broker(BrokerAddress.parse(brokerUrl), List.of())) {
                    Channel out = connect(broker);
                    Channel in = takeReports(out.getConnection());
                    LOG.infof("Workers of the other kind may attach themselves to broker %s", broker.address());
                    pause = FIRST_PAUSE;
                    told = false;
                    deliver(out, in);
                } catch (IOException | TimeoutException | ShutdownSignalException e) {
                    if (!told && running) {
                        LOG.warnf("The bridge has lost the broker and will try again: %s", e);
                        told = true;
                    }
                } catch (RuntimeException e) {
                    LOG.errorf(e, "The bridge met what it does not expect and will try again");
                    pause = LONGEST_PAUSE;
                }
                if (running) {
                    Thread.sleep(pause.toMillis());
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The bridge was asked to stop");
        }
    }

    private Channel connect(Broker broker) throws IOException, TimeoutException {
        Channel out = broker.openChannel();
        long epoch = role.brokerEpoch();
        boolean hadStarts =
                BridgeTopology.hasStarts(out.getConnection()) && BridgeTopology.isOfEpoch(out.getConnection(), epoch);
        BridgeTopology.declare(out);
        out.addReturnListener(message -> returned = "unroutable: " + message.getReplyText());
        if (!hadStarts) {
            int again = letters.startAgain();
            if (again > 0) {
                LOG.warnf(
                        "The broker has lost its data, or is another one: %s executions that no worker has taken are handed"
                                + " over again",
                        again);
            }
        }
        BridgeTopology.markEpoch(out, epoch);
        return out;
    }

    /** Until either channel or the reports' queue is lost, or this node is not active any more. */
    private void deliver(Channel out, Channel in) throws IOException, TimeoutException, InterruptedException {
        long looked = System.nanoTime();
        while (running) {
            for (Channel channel : List.of(out, in)) {
                if (!channel.isOpen()) {
                    throw new IOException("a channel is closed: " + channel.getCloseReason());
                }
            }
            if (!role.isActive()) {
                throw new IOException("this node is not the active one any more");
            }
            if (System.nanoTime() - looked >= LOOK_EVERY.toNanos()) {
                BridgeTopology.checkReports(out);
                looked = System.nanoTime();
            }
            if (letters.deliver(BATCH, letter -> post(out, letter)) < BATCH) {
                wakeUps.tryAcquire(messaging.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
                wakeUps.drainPermits();
            }
        }
    }

    private @Nullable String post(Channel out, Letter letter)
            throws IOException, TimeoutException, InterruptedException {
        Letter.Kind kind = letter.kind();
        returned = null;
        out.basicPublish(kind.exchange(), kind.routingKey(), true, PERSISTENT, json.writeValueAsBytes(body(letter)));
        boolean confirmed = out.waitForConfirms(messaging.confirmTimeout().toMillis());
        String back = returned;
        if (back != null && kind.isOnlyForThoseWhoAreThere()) {
            LOG.infof("No worker is attached that could be told to %s %s", kind.wireName(), letter.subject());
            return null;
        }
        if (back != null && kind.waitsForAWorker()) {
            return "no worker is attached";
        }
        if (back != null) {
            // The queue is gone, and with it what was in it: a new connection declares it again and hands over again.
            throw new IOException(back + " (exchange " + kind.exchange() + ")");
        }
        if (!confirmed) {
            return "refused by the broker";
        }
        Metrics.counter("holdfast.workflow.bridge.published", "kind", kind.wireName())
                .increment();
        return null;
    }

    private Map<String, Object> body(Letter letter) {
        String dispatch = letter.dispatchToken();
        if (dispatch != null) {
            return letter.bodyWith(tokens.issue(letter.tenantName(), letter.subject(), dispatch));
        }
        String user = letter.onBehalfOf();
        return user == null ? letter.body() : letter.bodyWith(pluginTokens.issue(claim(letter, user)));
    }

    private PluginTokens.Claim claim(Letter letter, String user) {
        Instant expiresAt = clock.instant().plus(config.pluginTokenLifetime());
        return letter.kind() == Letter.Kind.HOOK
                ? PluginTokens.Claim.ofHook(letter.tenantName(), user, letter.subject(), expiresAt)
                : PluginTokens.Claim.ofPlugin(letter.tenantName(), user, letter.subject(), expiresAt);
    }

    private Channel takeReports(Connection connection) throws IOException {
        Channel in = Broker.newChannel(connection);
        in.addShutdownListener(cause -> wakeUps.release());
        in.basicQos(PREFETCH);
        in.basicConsume(BridgeTopology.REPORTS, false, new DefaultConsumer(in) {
            @Override
            public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body)
                    throws IOException {
                take(getChannel(), envelope.getDeliveryTag(), body);
            }

            @Override
            public void handleCancel(String tag) throws IOException {
                // The queue is gone: a new connection declares it again.
                in.abort();
            }
        });
        return in;
    }

    private void take(Channel in, long deliveryTag, byte[] body) throws IOException {
        try {
            reports.receive(body);
        } catch (RuntimeException e) {
            LOG.warnf("A report can neither be taken nor parked; back to the broker: %s", e);
            try {
                Thread.sleep(LONGEST_PAUSE.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            in.basicNack(deliveryTag, false, true);
            return;
        }
        in.basicAck(deliveryTag, false);
    }
}
