package io.holdfast.role;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * This node's role, asked before each piece of work that only the active node may do. Being active is known for a while only: when it
 * is not confirmed in time, by the monotonic clock, the answer is no, also in a process that was stopped and goes on. Thread-safe.
 */
public final class NodeRole {

    private static final Logger LOG = Logger.getLogger(NodeRole.class);

    private record Known(Role role, long untilNanos) {}

    private final boolean clustered;
    private final boolean brokerShared;
    private final LongSupplier nanoTime;
    private final List<Consumer<Role>> first = new ArrayList<>();
    private final List<Consumer<Role>> listeners = new ArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private volatile Known known;
    private Role told;

    private NodeRole(boolean clustered, boolean brokerShared, Role role, LongSupplier nanoTime) {
        this.clustered = clustered;
        this.brokerShared = brokerShared;
        this.nanoTime = nanoTime;
        this.known = new Known(role, nanoTime.getAsLong());
        this.told = role;
    }

    /** Of a process without a cluster: active for ever. */
    public static NodeRole alone() {
        return new NodeRole(false, false, Role.ALONE, System::nanoTime);
    }

    /**
     * Of a node of a cluster: not active before somebody says so.
     *
     * @param brokerShared whether all nodes take their messages from one broker
     */
    public static NodeRole inCluster(boolean brokerShared) {
        return new NodeRole(true, brokerShared, Role.UNKNOWN, System::nanoTime);
    }

    static NodeRole inCluster(LongSupplier nanoTime) {
        return new NodeRole(true, false, Role.UNKNOWN, nanoTime);
    }

    /** False in a process that has no cluster, which is always active. */
    public boolean isClustered() {
        return clustered;
    }

    /** Whether what this node does not take from the broker another node can take. */
    public boolean isBrokerShared() {
        return brokerShared;
    }

    /** Whether this node may act now. Cheap: ask before each step. */
    public boolean isActive() {
        return !clustered || current().active();
    }

    /** The epoch that this node knows of; 0 without a cluster. */
    public long epoch() {
        return known.role().epoch();
    }

    /**
     * Which active time the content of the node's broker is of: a broker of the active node alone has nothing of what others sent in
     * between. 0 where it has everything, because there are no others or all use it.
     */
    public long brokerEpoch() {
        return brokerShared ? 0 : epoch();
    }

    /** As it is known now. */
    public Role current() {
        Known now = known;
        boolean valid = !clustered || now.untilNanos() - nanoTime.getAsLong() > 0;
        return valid ? now.role() : now.role().withoutActive();
    }

    /**
     * Calls {@code listener} at once with what is known, then at each change, on the thread that learned of it: it must only signal.
     */
    public void onChange(Consumer<Role> listener) {
        add(listeners, listener);
    }

    /** As {@link #onChange}, before those: for what has to be in order before anything works in the new role. */
    public void onChangeFirst(Consumer<Role> listener) {
        add(first, listener);
    }

    /** Completes when this node is active, at once if it is. Complete it yourself to wait no longer. */
    public CompletableFuture<Void> whenActive() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        synchronized (this) {
            if (!isActive()) {
                waiting.removeIf(CompletableFuture::isDone);
                waiting.add(future);
                return future;
            }
        }
        future.complete(null);
        return future;
    }

    /**
     * Sleeps until this node is active.
     *
     * @return false if it is not yet after so long
     */
    public boolean awaitActive(long millis) throws InterruptedException {
        if (isActive()) {
            return true;
        }
        CompletableFuture<Void> active = whenActive();
        try {
            active.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.TimeoutException e) {
            active.complete(null);
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("nobody fails this future", e);
        }
    }

    /**
     * What the source of this role has learned.
     *
     * @param untilNanos by {@link System#nanoTime}: until when it may be believed
     */
    void learned(Role role, long untilNanos) {
        known = new Known(role, untilNanos);
        tell();
    }

    /** This process ends: it is not active from now on, and those who would hear of it end, too. */
    void end() {
        known = new Known(known.role().withoutActive(), nanoTime.getAsLong());
        synchronized (this) {
            told = known.role();
            first.clear();
            listeners.clear();
        }
    }

    /** Tells the listeners if what is known has become too old. */
    void expire() {
        tell();
    }

    private void add(List<Consumer<Role>> group, Consumer<Role> listener) {
        Role now;
        synchronized (this) {
            group.add(listener);
            now = told;
        }
        call(listener, now);
    }

    private void tell() {
        List<Consumer<Role>> all;
        List<CompletableFuture<Void>> free = List.of();
        Role now;
        synchronized (this) {
            now = current();
            if (!now.differsFrom(told)) {
                return;
            }
            LOG.infof(
                    "This node is %s in epoch %d%s",
                    now.active() ? "active" : "not active",
                    now.epoch(),
                    now.active() || now.activeNode() == null ? "" : "; active is " + now.activeNode());
            told = now;
            all = new ArrayList<>(first);
            all.addAll(listeners);
            if (now.active()) {
                free = List.copyOf(waiting);
                waiting.clear();
            }
        }
        all.forEach(listener -> call(listener, now));
        free.forEach(future -> future.complete(null));
    }

    private static void call(Consumer<Role> listener, Role now) {
        try {
            listener.accept(now);
        } catch (RuntimeException e) {
            // One that fails must not keep the others from stopping.
            LOG.errorf(e, "A part of this manager did not take note of its role in epoch %d", now.epoch());
        }
    }
}
