package io.holdfast.cluster.agent.peers;

import io.holdfast.cluster.agent.AgentRefused;
import io.holdfast.cluster.agent.ClusterKey;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Sends messages to the other agents of the cluster and hands over what they sent. What is not signed with the cluster's key, was heard
 * before, is meant for another node or comes from none of the peers is dropped and counted, and changes nothing.
 */
public final class PeerSocket implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PeerSocket.class);

    private final String self;
    private final String cluster;
    private final ClusterKey.Signer signer;
    private final long boot;
    private final DatagramSocket socket;
    private final BiConsumer<String, byte[]> receiver;
    private final AtomicLong sequence = new AtomicLong();
    private final Map<Envelope.Drop, AtomicLong> dropped = new ConcurrentHashMap<>();
    private final AtomicLong unsent = new AtomicLong();
    private final Map<String, ReplayWindow> windows = new HashMap<>();
    private final Thread reader;
    private volatile Map<String, InetSocketAddress> peers = Map.of();
    private volatile boolean closed;

    /**
     * Binds at once, reads after {@link #start()}.
     *
     * @param boot this start's number, higher than that of any start before
     * @param receiver gets the sender's id and the payload, on this socket's own thread; must not block
     */
    public PeerSocket(
            String self,
            String cluster,
            ClusterKey key,
            long boot,
            InetSocketAddress bind,
            BiConsumer<String, byte[]> receiver) {
        this.self = self;
        this.cluster = cluster;
        this.signer = key.signer("peers");
        this.boot = boot;
        this.receiver = receiver;
        try {
            this.socket = new DatagramSocket(bind);
        } catch (SocketException e) {
            throw new AgentRefused(
                    "cannot listen on the UDP port " + bind + ": " + e.getMessage()
                            + "; end what uses it, or change peer.port here and in members of all nodes",
                    e);
        }
        this.reader = new Thread(this::read, "peers");
        this.reader.setDaemon(true);
    }

    public void start() {
        reader.start();
    }

    /** The port that it listens on. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Where the other nodes are; nobody else is heard. Addresses are not looked up again: give them anew when they may have changed. */
    public void peers(Map<String, InetSocketAddress> addresses) {
        Map<String, InetSocketAddress> others = new HashMap<>(addresses);
        others.remove(self);
        peers = Map.copyOf(others);
    }

    /** Sends without waiting; a datagram may get lost, and one that cannot be sent is counted. Thread-safe. */
    public void send(String to, byte[] payload) {
        InetSocketAddress address = peers.get(to);
        if (address == null || address.isUnresolved()) {
            unsent.incrementAndGet();
            return;
        }
        byte[] datagram = new Envelope(self, to, boot, sequence.incrementAndGet(), payload).encode(cluster, signer);
        try {
            socket.send(new DatagramPacket(datagram, datagram.length, address));
        } catch (IOException e) {
            // an unreachable network or host: the same as a lost datagram
            unsent.incrementAndGet();
            LOG.debugf(e, "no datagram to %s at %s", to, address);
        }
    }

    /** How many datagrams were not taken, by reason, and how many could not be sent ({@code unsent}). */
    public Map<String, Long> drops() {
        Map<String, Long> counts = new TreeMap<>();
        dropped.forEach((reason, count) -> counts.put(reason.name().toLowerCase(java.util.Locale.ROOT), count.get()));
        if (unsent.get() > 0) {
            counts.put("unsent", unsent.get());
        }
        return counts;
    }

    private void read() {
        byte[] buffer = new byte[Envelope.MAX_BYTES + 1];
        while (!closed) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (IOException e) {
                // an ICMP answer to something sent before is reported here, too
                LOG.debugf(e, "no datagram read");
                continue;
            }
            take(Arrays.copyOf(buffer, packet.getLength()));
        }
    }

    private void take(byte[] datagram) {
        try {
            Envelope envelope = Envelope.decode(datagram, cluster, signer);
            if (!envelope.to().equals(self)) {
                throw new Envelope.Dropped(Envelope.Drop.OTHER_RECIPIENT);
            }
            if (!peers.containsKey(envelope.from())) {
                throw new Envelope.Dropped(Envelope.Drop.UNKNOWN_SENDER);
            }
            if (!windows.computeIfAbsent(envelope.from(), from -> new ReplayWindow())
                    .accepts(envelope.boot(), envelope.sequence())) {
                throw new Envelope.Dropped(Envelope.Drop.REPLAYED);
            }
            receiver.accept(envelope.from(), envelope.payload());
        } catch (Envelope.Dropped e) {
            long count = dropped.computeIfAbsent(e.reason(), reason -> new AtomicLong())
                    .incrementAndGet();
            // once, then each time that there are ten times as many: a flood must not fill the log
            if (count == Math.pow(10, Math.floor(Math.log10(count)))) {
                LOG.warnf("dropped a datagram: %s (%d so far)", e.reason(), count);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        socket.close();
    }
}
