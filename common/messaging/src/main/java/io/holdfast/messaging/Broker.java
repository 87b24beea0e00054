package io.holdfast.messaging;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one publishing connection of a JVM. Every new connection declares the topology first. It does not recover by itself: who needs
 * a channel asks again, with a back-off of its own. Thread-safe.
 */
public final class Broker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Broker.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final int HEARTBEAT_SECONDS = 20;

    /** The client's own would be ten minutes. A broker that has just started may take seconds to make a queue. */
    private static final int RPC_TIMEOUT_MILLIS = 60_000;

    private final BrokerAddress address;
    private final Queues queues;
    private final OnConnect onConnect;
    private final HeldSockets sockets = new HeldSockets();
    private volatile @Nullable Connection connection;

    /** What is to be declared; asked at each new connection. */
    @FunctionalInterface
    interface Queues {
        List<QueueBinding> all() throws IOException;
    }

    /** What has to be done with a new connection before anybody publishes over it. */
    @FunctionalInterface
    interface OnConnect {
        void connected(Connection fresh) throws IOException, TimeoutException;
    }

    public Broker(BrokerAddress address, List<QueueBinding> queues) {
        this(address, () -> queues, fresh -> {});
    }

    Broker(BrokerAddress address, Queues queues, OnConnect onConnect) {
        this.address = address;
        this.queues = queues;
        this.onConnect = onConnect;
    }

    /** A new channel with publisher confirms on; connects and declares the topology where needed. */
    public Channel openChannel() throws IOException, TimeoutException {
        Channel channel = newChannel(connected());
        channel.confirmSelect();
        return channel;
    }

    /** @throws IOException also where the connection has as many as it may */
    public static Channel newChannel(Connection connection) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("the broker gives no more channels");
        }
        return channel;
    }

    /** Whether an operation failed because a queue or an exchange is missing. */
    public static boolean isNotFound(Exception e) {
        return e.getCause() instanceof ShutdownSignalException closed
                && closed.getReason() instanceof AMQP.Channel.Close reason
                && reason.getReplyCode() == AMQP.NOT_FOUND;
    }

    /** The client hides the broker's words in the cause. */
    static String reason(Exception e) {
        return String.valueOf(e.getCause() instanceof ShutdownSignalException closed ? closed.getMessage() : e);
    }

    /** While it is open, messages may wait for others to leave with them. Without effect over TLS. */
    HeldSockets.Hold hold() {
        return sockets.hold();
    }

    /** Connects now, so that queues exist before anything consumes them. */
    public void connect() throws IOException, TimeoutException {
        connected();
    }

    /** Makes anew what somebody has deleted of the topology. */
    void declareQueues() throws IOException, TimeoutException {
        new Topology(queues.all()).declare(connected());
    }

    public BrokerAddress address() {
        return address;
    }

    /** Does not wait for a connection that is being made. */
    public boolean isConnected() {
        Connection current = connection;
        return current != null && current.isOpen();
    }

    /** Whether the broker at hand is a RabbitMQ; false while there is none. */
    boolean isRabbit() {
        Connection current = connection;
        return current != null && Topology.isRabbit(current);
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null && open.isOpen()) {
            open.abort(CONNECT_TIMEOUT_MILLIS);
        }
    }

    private synchronized Connection connected() throws IOException, TimeoutException {
        Connection current = connection;
        if (current != null && current.isOpen()) {
            return current;
        }
        Connection fresh = factory().newConnection("holdfast");
        try {
            new Topology(queues.all()).declare(fresh);
            onConnect.connected(fresh);
        } catch (IOException | TimeoutException | RuntimeException e) {
            fresh.abort(CONNECT_TIMEOUT_MILLIS);
            throw e;
        }
        connection = fresh;
        fresh.addShutdownListener(end -> {
            if (!end.isInitiatedByApplication()) {
                LOG.warnf("Lost the broker %s, connecting again until it answers: %s", address, end.getMessage());
            }
        });
        LOG.infof("Connected to broker %s (%s)", address, Topology.product(fresh));
        return fresh;
    }

    private ConnectionFactory factory() throws IOException {
        ConnectionFactory factory = factory(address);
        if (!address.tls()) {
            factory.setSocketFactory(sockets);
        }
        return factory;
    }

    /** Of connections that do not recover by themselves. */
    static ConnectionFactory factory(BrokerAddress address) throws IOException {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.host());
        factory.setPort(address.port());
        factory.setUsername(address.username());
        factory.setPassword(address.password());
        factory.setVirtualHost(address.virtualHost());
        factory.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setChannelRpcTimeout(RPC_TIMEOUT_MILLIS);
        if (address.tls()) {
            try {
                factory.useSslProtocol(javax.net.ssl.SSLContext.getDefault());
                factory.enableHostnameVerification();
            } catch (GeneralSecurityException e) {
                throw new IOException("no TLS for " + address, e);
            }
        }
        return factory;
    }
}
