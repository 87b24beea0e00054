package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.agent.AgentSettings;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.codec.ElectionJson;
import io.holdfast.cluster.agent.codec.ElectionJson.Parcel;
import io.holdfast.cluster.agent.peers.PeerSocket;
import io.holdfast.cluster.agent.router.DatabaseRouter;
import io.holdfast.cluster.agent.state.DurableFile;
import io.holdfast.cluster.election.Action;
import io.holdfast.cluster.election.DurableState;
import io.holdfast.cluster.election.Election;
import io.holdfast.cluster.election.Event;
import io.holdfast.cluster.election.Explanation;
import io.holdfast.cluster.election.Message;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Refusal;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.election.Settings;
import io.holdfast.cluster.election.State;
import io.holdfast.cluster.election.Step;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the election and does what it says. One thread decides; it never waits for PostgreSQL or the network, only for its own small
 * state file. An error that nobody expected, or a state that cannot be stored, ends the process: an agent that does not know what it
 * promised must not go on.
 */
public final class NodeLoop implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(NodeLoop.class);

    /** Far more than peers send while one state file is written; beyond that something is wrong, and messages may get lost. */
    private static final int MAX_QUEUED = 10_000;

    private static final Duration SLOW = Duration.ofMillis(100);

    private final NodeId self;
    private final Settings rules;
    private final Election election;
    private final Duration tick;
    private final Duration leaderLimit;
    private final DurableFile file;
    private final PeerSocket peers;
    private final DatabaseRouter router;
    private final AddressBook addresses;
    private final HistoryFile history;
    private final DatabaseActions database;
    private final Consumer<Throwable> onFatal;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Map<String, CompletableFuture<Optional<Refusal>>> requests = new ConcurrentHashMap<>();
    private final AtomicLong requestIds = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    private final Object changed = new Object();
    private final Thread thread;
    private final Step first;
    private volatile State state;
    private volatile long lastTick = System.nanoTime();
    private volatile boolean ending;
    private volatile RoleView view;
    private volatile boolean closed;
    private final Chronicle chronicle;
    private @Nullable NodeId lastActive;
    private long lastActiveEpoch;

    /** What the loop is made of. @param onFatal must end the process */
    public record Parts(
            AgentSettings settings,
            Settings election,
            DurableState durable,
            DurableFile file,
            PeerSocket peers,
            DatabaseRouter router,
            AddressBook addresses,
            HistoryFile history,
            Optional<NodeDatabase> database,
            Consumer<Throwable> onFatal) {}

    public NodeLoop(Parts parts) {
        AgentSettings settings = parts.settings();
        this.self = new NodeId(settings.nodeId());
        this.rules = parts.election();
        this.election = new Election(rules);
        this.first = election.boot(parts.durable(), System.nanoTime());
        this.state = first.state();
        this.tick = settings.timings().heartbeat().dividedBy(4);
        this.leaderLimit = settings.timings().electionTimeout();
        this.file = parts.file();
        this.peers = parts.peers();
        this.router = parts.router();
        this.addresses = parts.addresses();
        this.history = parts.history();
        this.chronicle = new Chronicle(self, history);
        this.onFatal = parts.onFatal();
        this.database = new DatabaseActions(
                parts.database(), parts.addresses(), settings.timings(), this::offer, parts.onFatal());
        this.view = RoleView.of(state, System.nanoTime(), 1);
        this.thread = new Thread(this::run, "election");
    }

    public void start() {
        peers.peers(addresses.peers());
        database.start();
        thread.start();
    }

    /** The newest state. Any thread. */
    public State state() {
        return state;
    }

    /** Why this node is in its state, and what to do, in sentences. Any thread. */
    public List<String> explain() {
        return Explanation.of(state, rules, System.nanoTime());
    }

    /** The members whose agents this node, being active, has not heard for an election timeout. Any thread. */
    public Set<NodeId> unheard() {
        return state.unheard(rules.electionNanos(), System.nanoTime());
    }

    /** How long ago the loop last did something; far more than a heartbeat means that it hangs. */
    public Duration stalledFor() {
        return Duration.ofNanos(System.nanoTime() - lastTick);
    }

    /** Who is active, as far as this node knows. Any thread. */
    public RoleView role() {
        return view.at(System.nanoTime());
    }

    /** Waits until {@link #role} has another version than {@code since}, at most {@code limit}. */
    public RoleView awaitRole(long since, Duration limit) throws InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        synchronized (changed) {
            while (view.version() == since && !closed) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                TimeUnit.NANOSECONDS.timedWait(changed, left);
            }
        }
        return role();
    }

    public List<MemberAddress> addresses() {
        return addresses.all();
    }

    public Optional<MemberAddress> address(String node) {
        return addresses.of(node);
    }

    /** Makes a node's address known here, and with the next heartbeats everywhere. For the active node. */
    public void learn(MemberAddress address) {
        if (addresses.learn(List.of(address))) {
            peers.peers(addresses.peers());
        }
    }

    public void forget(String node) {
        if (addresses.forget(node)) {
            peers.peers(addresses.peers());
        }
    }

    public HistoryFile history() {
        return history;
    }

    /** The last look at the local PostgreSQL, with its age; empty until there was one. */
    public Optional<DatabaseActions.Look> lastLook() {
        return database.lastLook();
    }

    /** Datagrams that were not taken, by reason. */
    public Map<String, Long> drops() {
        Map<String, Long> counts = peers.drops();
        if (unreadable.get() > 0) {
            counts.put("unreadable", unreadable.get());
        }
        return counts;
    }

    /**
     * Asks the election for something.
     *
     * @param request makes the event from an id
     * @return empty if it is done or under way, else why not; completes when the election has answered
     */
    public CompletableFuture<Optional<Refusal>> request(Function<String, Event.Request> request) {
        String id = Long.toString(requestIds.incrementAndGet());
        CompletableFuture<Optional<Refusal>> answer = new CompletableFuture<>();
        requests.put(id, answer);
        answer.whenComplete((refusal, failure) -> requests.remove(id));
        offer(request.apply(id));
        return answer;
    }

    /** A message of a peer, from the socket's thread. */
    public void received(String from, byte[] payload) {
        if (events.size() > MAX_QUEUED) {
            unreadable.incrementAndGet();
            return;
        }
        try {
            Parcel parcel = ElectionJson.parcel(payload);
            if (parcel.message() instanceof Message.Heartbeat
                    && parcel.message().epoch() >= state.epoch()
                    && addresses.learn(parcel.addresses().stream()
                            .filter(address -> !address.id().equals(self.value()))
                            .toList())) {
                peers.peers(addresses.peers());
            }
            offer(new Event.Received(new NodeId(from), parcel.clusterId(), parcel.message()));
        } catch (ElectionJson.Unreadable e) {
            if (unreadable.incrementAndGet() == 1) {
                LOG.warnf(e, "a signed message of %s is not readable: does it run another version?", from);
            }
        }
    }

    private void offer(Event event) {
        events.add(event);
    }

    private void run() {
        try {
            carryOut(first);
            lastTick = System.nanoTime();
            while (!closed) {
                long wait = tick.toNanos() - (System.nanoTime() - lastTick);
                Event event = wait > 0 ? events.poll(wait, TimeUnit.NANOSECONDS) : events.poll();
                if (event != null) {
                    handle(event);
                }
                if (events.isEmpty() && !orders.isEmpty()) {
                    orders.remove().run();
                }
                if (System.nanoTime() - lastTick >= tick.toNanos()) {
                    lastTick = System.nanoTime();
                    handle(new Event.Tick());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            onFatal.accept(e);
        }
    }

    private void handle(Event event) {
        long before = System.nanoTime();
        carryOut(election.step(state, event, before));
        long took = System.nanoTime() - before;
        if (took > SLOW.toNanos()) {
            LOG.infof("%s took %d ms", event.getClass().getSimpleName(), took / 1_000_000);
        }
    }

    private void carryOut(Step step) {
        state = step.state();
        for (Action action : step.actions()) {
            if (action instanceof Action.Persist persist) {
                file.write(ElectionJson.write(persist.durable()));
            } else if (action instanceof Action.Send send) {
                send(send.to(), send.message());
            } else if (action instanceof Action.Postgres postgres) {
                if (ending) {
                    continue;
                }
                LOG.debugf("PostgreSQL: %s", postgres);
                database.carryOut(postgres);
            } else if (action instanceof Action.Publish publish) {
                chronicle.tell(publish.notice(), state.epoch(), System.nanoTime());
            } else if (action instanceof Action.Answer answer) {
                CompletableFuture<Optional<Refusal>> waiting = requests.get(answer.id());
                if (waiting != null) {
                    waiting.complete(Optional.ofNullable(answer.refusal()));
                }
            }
        }
        show();
    }

    private void send(NodeId to, Message message) {
        List<MemberAddress> known = message instanceof Message.Heartbeat ? addresses.all() : List.of();
        peers.send(to.value(), ElectionJson.write(new Parcel(state.durable().clusterId(), message, known)));
    }

    /** What the step means for those outside: the router first, since it cuts off who must not write here any more. */
    private void show() {
        long now = System.nanoTime();
        InetSocketAddress target = target(now);
        router.target(target);
        State.Leader leader = state.leader();
        database.served(target != null && state.role() != Role.ACTIVE && leader != null && leader.ready());
        RoleView next = RoleView.of(state, now, view.version());
        if (next.isAs(view)) {
            view = next;
        } else {
            synchronized (changed) {
                view = next.versioned(view.version() + 1);
                changed.notifyAll();
            }
            NodeId active = next.active();
            if (active != null && (!active.equals(lastActive) || next.epoch() != lastActiveEpoch)) {
                lastActive = active;
                lastActiveEpoch = next.epoch();
                history.add(next.epoch(), "active", active + " is active");
            }
        }
    }

    private @Nullable InetSocketAddress target(long now) {
        State known = state;
        if (known.activity() != null) {
            return known.letsClientsIn(now) ? addresses.database(self) : null;
        }
        State.Leader leader = known.leader();
        boolean serves = leader != null
                && leader.letsClientsIn()
                && leader.epoch() == known.epoch()
                && now - leader.heardNanos() < leaderLimit.toNanos();
        return serves ? addresses.database(leader.id()) : null;
    }

    /**
     * Ends it in order: an active one gives up, so that another takes over at once. PostgreSQL is left as it is.
     *
     * @param reason for the log
     */
    public void end(String reason) {
        ending = true;
        if (thread.isAlive()) {
            CompletableFuture<Boolean> resigned = new CompletableFuture<>();
            offer(new Event.PostgresDied(reason));
            orders.add(() -> resigned.complete(true));
            try {
                resigned.get(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                LOG.warn("the others were not told that this node ends", e);
            }
        }
        close();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (changed) {
            changed.notifyAll();
        }
        thread.interrupt();
        database.close();
    }
}
