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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
 * every forwarded connection is reset at once, so that a pool notices at its next use. A new connection that finds no target, or one that
 * does not take it, waits a second for the next one before it is refused by a reset: clients that only try again and again take the
 * processor from the very election they wait for.
 */
public final class DatabaseRouter implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(DatabaseRouter.class);

    /** A silent partition answers no connect: do not keep a client waiting for the kernel's two minutes. */
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** About as long as an election takes; clients have longer limits for a connection. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    /** After which a target that refused is tried again: its server may just be starting. */
    private static final Duration RETRY = Duration.ofMillis(100);

    /** Each holds a file descriptor. */
    private static final int MOST_WAITING = 1024;

    private static final int BUFFER_BYTES = 128 * 1024;
    private static final int BACKLOG = 1024;
    private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);

    private final ServerSocketChannel server;
    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final Set<Pair> pairs = new HashSet<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
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
     * @param refused connections that were reset because there was no target for too long, or it did not answer
     * @param cut connections that were reset because the target changed
     */
    public record Counts(long open, long accepted, long refused, long cut) {}

    /**
     * A connection without a target.
     *
     * @param notBeforeNanos when it may be tried; later than {@code sinceNanos} if the present target has not taken it
     */
    private record Waiting(SocketChannel client, long sinceNanos, long notBeforeNanos) {}

    /** Listens at once; nobody gets further before the first {@link #target}. */
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
     * Where connections go from now on; null lets them wait. A change resets all that are forwarded, before any new one is taken.
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

    /** Empty while connections go nowhere. */
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
                selector.select(paused || !waiting.isEmpty() ? ACCEPT_PAUSE.toMillis() : pairs.isEmpty() ? 0 : 250);
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
                forwardWaiting();
            } catch (IOException e) {
                LOG.error("the router's selector failed", e);
            }
        }
        new ArrayList<>(pairs).forEach(Pair::reset);
        waiting.forEach(one -> resetChannel(one.client()));
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
            for (Pair pair : List.copyOf(pairs)) {
                if (pair.isConnected()) {
                    pair.reset();
                    cut.incrementAndGet();
                } else {
                    pair.waitAgain(pair.waited.sinceNanos());
                }
            }
        }
    }

    private void serve(SelectionKey key) {
        if (key == serverKey) {
            accept();
            return;
        }
        if (!key.isValid()) {
            return; // cut since it was selected
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
            if (side.pair.isConnected()) {
                side.pair.reset();
            } else {
                side.pair.waitAgain(System.nanoTime() + RETRY.toNanos());
            }
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
            if (waiting.size() < MOST_WAITING) {
                long now = System.nanoTime();
                waiting.add(new Waiting(client, now, now));
            } else {
                refused.incrementAndGet();
                resetChannel(client);
            }
        }
    }

    /** In the order in which they came. */
    private void forwardWaiting() {
        long now = System.nanoTime();
        for (int left = waiting.size(); left > 0; left--) {
            Waiting next = waiting.remove();
            InetSocketAddress to = target;
            boolean isOut = to == null || next.notBeforeNanos() - next.sinceNanos() > 0;
            if (isOut && now - next.sinceNanos() > HOLD.toNanos()) {
                refused.incrementAndGet();
                resetChannel(next.client());
            } else if (to == null || generation != servedGeneration || now - next.notBeforeNanos() < 0) {
                waiting.add(next);
            } else {
                try {
                    pairs.add(new Pair(next, to));
                    open.set(pairs.size());
                } catch (IOException e) {
                    LOG.debugf("%s does not take a connection: %s", to, e.getMessage());
                    waiting.add(new Waiting(next.client(), next.sinceNanos(), now + RETRY.toNanos()));
                }
            }
        }
    }

    private void expireConnects() {
        long now = System.nanoTime();
        for (Pair pair : List.copyOf(pairs)) {
            if (!pair.isConnected() && now - pair.waited.sinceNanos() > CONNECT.toNanos()) {
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

    /** A client's connection and the one to the database that belongs to it. The client is not read before that one is there. */
    private final class Pair {

        private final Waiting waited;
        private final Side database;
        private @Nullable Side client;

        Pair(Waiting waited, InetSocketAddress to) throws IOException {
            this.waited = waited;
            SocketChannel outgoing = SocketChannel.open();
            try {
                for (SocketChannel channel : List.of(waited.client(), outgoing)) {
                    channel.configureBlocking(false);
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
                }
                boolean atOnce = outgoing.connect(to);
                database = new Side(this, outgoing, atOnce ? 0 : SelectionKey.OP_CONNECT);
                if (atOnce) {
                    join();
                }
            } catch (IOException | RuntimeException e) {
                resetChannel(outgoing);
                throw e;
            }
        }

        boolean isConnected() {
            return client != null;
        }

        void connected() throws IOException {
            if (database.channel.finishConnect()) {
                join();
            }
        }

        private void join() throws IOException {
            Side joined = new Side(this, waited.client(), SelectionKey.OP_READ);
            joined.other = database;
            database.other = joined;
            database.key.interestOps(SelectionKey.OP_READ);
            client = joined;
        }

        /** The target has not taken it: the next one may. */
        void waitAgain(long notBeforeNanos) {
            resetChannel(database.channel);
            pairs.remove(this);
            open.set(pairs.size());
            waiting.add(new Waiting(waited.client(), waited.sinceNanos(), notBeforeNanos));
        }

        void closeIfDone() {
            Side joined = client;
            if (joined != null
                    && joined.isEnded
                    && database.isEnded
                    && joined.pending == null
                    && database.pending == null) {
                end(false);
            }
        }

        void reset() {
            end(true);
        }

        private void end(boolean byReset) {
            for (SocketChannel channel : List.of(waited.client(), database.channel)) {
                if (byReset) {
                    resetChannel(channel);
                } else {
                    try {
                        channel.close();
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
