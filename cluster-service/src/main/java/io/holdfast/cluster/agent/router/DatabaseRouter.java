package io.holdfast.cluster.agent.router;

import io.holdfast.cluster.agent.AgentRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A TCP forwarder from one local port to wherever the active's database is. One thread serves all connections. When the target changes,
 * every forwarded connection is reset at once, so that a pool notices at its next use; without a target new ones are refused by a reset.
 */
public final class DatabaseRouter implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DatabaseRouter.class);

    /** A silent partition answers no connect: do not keep a client waiting for the kernel's two minutes. */
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int BACKLOG = 1024;
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);

    private final ServerSocketChannel server;
    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Set<Pair> pairs = new HashSet<>();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private volatile @Nullable InetSocketAddress target;
    private volatile long generation;
    private volatile boolean closed;
    private long servedGeneration;
    private long pausedSinceNanos;
    private final SelectionKey serverKey;

    /**
     * @param open connections that are forwarded now
     * @param accepted connections that came, ever
     * @param refused connections that were reset because there was no target, or it did not answer
     * @param cut connections that were reset because the target changed
     */
    public record Counts(long open, long accepted, long refused, long cut) {}

    /** Listens at once; refuses until the first {@link #target}. */
    public DatabaseRouter(InetSocketAddress bind) {
        try {
            this.selector = Selector.open();
            this.server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(bind, BACKLOG);
            server.configureBlocking(false);
            this.serverKey = server.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            throw new AgentRefused(
                    "cannot listen for database connections on " + bind + ": " + e.getMessage()
                            + "; end what uses the port, or change router.port",
                    e);
        }
        this.thread = new Thread(this::run, "router");
        this.thread.setDaemon(true);
        thread.start();
    }

    /** The port that it listens on. */
    public int port() {
        try {
            return ((InetSocketAddress) server.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new AgentRefused("the router is closed", e);
        }
    }

    /**
     * Where connections go from now on; null refuses them. A change resets all that are forwarded, before any new one is taken.
     * Thread-safe, does not wait.
     */
    public synchronized void target(@Nullable InetSocketAddress address) {
        InetSocketAddress now = target;
        if (address == null ? now == null : address.equals(now)) {
            return;
        }
        target = address;
        cutAll();
    }

    /** Resets all that are forwarded without changing the target: the same server begins anew. Thread-safe, does not wait. */
    public synchronized void cutAll() {
        generation++;
        selector.wakeup();
    }

    /** Empty while connections are refused. */
    public Optional<InetSocketAddress> target() {
        return Optional.ofNullable(target);
    }

    public Counts counts() {
        return new Counts(open.get(), accepted.get(), refused.get(), cut.get());
    }

    private void run() {
        while (!closed) {
            try {
                boolean paused = serverKey.interestOps() == 0;
                selector.select(paused ? ACCEPT_PAUSE.toMillis() : pairs.isEmpty() ? 0 : 250);
                if (closed) {
                    break;
                }
                if (paused && System.nanoTime() - pausedSinceNanos > ACCEPT_PAUSE.toNanos()) {
                    serverKey.interestOps(SelectionKey.OP_ACCEPT);
                }
                cutOnChange();
                Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
                while (keys.hasNext()) {
                    SelectionKey key = keys.next();
                    keys.remove();
                    serve(key);
                }
                expireConnects();
            } catch (IOException e) {
                LOG.error("the router's selector failed", e);
            }
        }
        new ArrayList<>(pairs).forEach(Pair::reset);
        try {
            server.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("the router did not close in order", e);
        }
    }

    private void cutOnChange() {
        long now = generation;
        if (now != servedGeneration) {
            servedGeneration = now;
            List<Pair> all = new ArrayList<>(pairs);
            all.forEach(Pair::reset);
            cut.addAndGet(all.size());
        }
    }

    private void serve(SelectionKey key) {
        if (key == serverKey) {
            accept();
            return;
        }
        Side side = (Side) key.attachment();
        try {
            if (key.isConnectable()) {
                side.pair.connected();
            }
            if (key.isValid() && key.isWritable()) {
                side.flush();
            }
            if (key.isValid() && key.isReadable()) {
                side.read();
            }
            side.pair.closeIfDone();
        } catch (IOException | CancelledKeyException e) {
            if (!side.pair.isConnected) {
                refused.incrementAndGet();
            }
            side.pair.reset();
        }
    }

    private void accept() {
        for (int i = 0; i < 64; i++) {
            SocketChannel client;
            try {
                client = server.accept();
            } catch (IOException e) {
                // out of file descriptors: the connection stays in the queue; do not spin on it
                LOG.warnf("cannot accept a database connection: %s", e.getMessage());
                pausedSinceNanos = System.nanoTime();
                serverKey.interestOps(0);
                return;
            }
            if (client == null) {
                return;
            }
            accepted.incrementAndGet();
            InetSocketAddress to = target;
            if (to == null || generation != servedGeneration) {
                refused.incrementAndGet();
                resetChannel(client);
                continue;
            }
            try {
                pairs.add(new Pair(client, to));
                open.set(pairs.size());
            } catch (IOException e) {
                refused.incrementAndGet();
                resetChannel(client);
            }
        }
    }

    private void expireConnects() {
        long now = System.nanoTime();
        for (Pair pair : List.copyOf(pairs)) {
            if (!pair.isConnected && now - pair.sinceNanos > CONNECT.toNanos()) {
                refused.incrementAndGet();
                pair.reset();
            }
        }
    }

    private static void resetChannel(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            LOG.debug("closing without a reset", e);
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection was closed already", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A client's connection and the one to the database that belongs to it. */
    private final class Pair {

        private final Side client;
        private final Side database;
        private final long sinceNanos = System.nanoTime();
        private boolean isConnected;

        Pair(SocketChannel accepted, InetSocketAddress to) throws IOException {
            SocketChannel outgoing = SocketChannel.open();
            try {
                for (SocketChannel channel : List.of(accepted, outgoing)) {
                    channel.configureBlocking(false);
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                }
                isConnected = outgoing.connect(to);
                client = new Side(this, accepted, isConnected ? SelectionKey.OP_READ : 0);
                database = new Side(this, outgoing, isConnected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
                client.other = database;
                database.other = client;
            } catch (IOException | RuntimeException e) {
                resetChannel(outgoing);
                throw e;
            }
        }

        void connected() throws IOException {
            if (database.channel.finishConnect()) {
                isConnected = true;
                database.key.interestOps(SelectionKey.OP_READ);
                client.key.interestOps(SelectionKey.OP_READ);
            }
        }

        void closeIfDone() {
            if (client.isEnded && database.isEnded && client.pending == null && database.pending == null) {
                end(false);
            }
        }

        void reset() {
            end(true);
        }

        private void end(boolean byReset) {
            for (Side side : List.of(client, database)) {
                side.key.cancel();
                if (byReset) {
                    resetChannel(side.channel);
                } else {
                    try {
                        side.channel.close();
                    } catch (IOException e) {
                        LOG.debug("a connection was closed already", e);
                    }
                }
            }
            pairs.remove(this);
            open.set(pairs.size());
        }
    }

    /** One of the two connections: what is read here is written to the other. */
    private final class Side {

        private final Pair pair;
        private final SocketChannel channel;
        private final SelectionKey key;

        private @Nullable Side other;

        /** Read from the other side, not written here yet; while there is such, the other side is not read. */
        private @Nullable ByteBuffer pending;

        /** The peer has ended its direction. */
        private boolean isEnded;

        Side(Pair pair, SocketChannel channel, int interest) throws IOException {
            this.pair = pair;
            this.channel = channel;
            this.key = channel.register(selector, interest, this);
        }

        void read() throws IOException {
            Side to = other;
            if (to == null || to.pending != null || isEnded) {
                return;
            }
            buffer.clear();
            int bytes = channel.read(buffer);
            if (bytes < 0) {
                isEnded = true;
                key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
                to.channel.shutdownOutput();
                return;
            }
            buffer.flip();
            to.channel.write(buffer);
            if (buffer.hasRemaining()) {
                ByteBuffer rest = ByteBuffer.allocate(buffer.remaining());
                rest.put(buffer).flip();
                to.pending = rest;
                to.key.interestOps(to.key.interestOps() | SelectionKey.OP_WRITE);
                key.interestOps(key.interestOps() & ~SelectionKey.OP_READ);
            }
        }

        void flush() throws IOException {
            ByteBuffer rest = pending;
            if (rest != null) {
                channel.write(rest);
                if (rest.hasRemaining()) {
                    return;
                }
                pending = null;
            }
            key.interestOps(key.interestOps() & ~SelectionKey.OP_WRITE);
            Side from = other;
            if (from != null && !from.isEnded) {
                from.key.interestOps(from.key.interestOps() | SelectionKey.OP_READ);
            }
        }
    }
}
