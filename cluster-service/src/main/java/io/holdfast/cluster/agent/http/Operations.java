package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.agent.AgentRefused;
import io.holdfast.cluster.agent.AgentSettings;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.RequestSignature;
import io.holdfast.cluster.agent.loop.NodeLoop;
import io.holdfast.cluster.agent.loop.RoleView;
import io.holdfast.cluster.election.Configuration;
import io.holdfast.cluster.election.Event;
import io.holdfast.cluster.election.MemberKind;
import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Refusal;
import io.holdfast.cluster.election.Role;
import io.holdfast.cluster.postgres.server.LocalPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What can be asked of an agent. What only another node can do is handed on to it. */
public final class Operations {

    private static final Logger LOG = Logger.getLogger(Operations.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** The configuration is stored by a majority within some milliseconds, unless one of them is just away. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private static final Duration ASK_AGAIN = Duration.ofMillis(50);
    private static final Duration HANDED_ON = Duration.ofSeconds(45);
    private static final Duration DONE = Duration.ofSeconds(30);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(60);
    private static final Duration STALLED = Duration.ofSeconds(5);
    private static final int QUORUM_LOOKS = 3;

    private final NodeLoop loop;
    private final AgentClient client;
    private final ClusterReport report;
    private final Optional<SalvageDesk> salvage;
    private final List<Operation> all = new ArrayList<>();

    /** @param postgres of this node; empty of a witness */
    public Operations(
            NodeLoop loop, AgentSettings settings, RequestSignature signature, Optional<LocalPostgres> postgres) {
        this.loop = loop;
        this.client = new AgentClient(signature);
        this.salvage = postgres.map(SalvageDesk::new);
        this.report = new ClusterReport(loop, client, settings.clusterName());
        look("/active", request -> {
            RoleView view = loop.role();
            boolean active = view.role() == Role.ACTIVE && view.leaseValid();
            return new AgentHttp.Answer(active ? 200 : 503, NodeReport.role(loop, view));
        });
        look("/standby", this::standby);
        look("/health", request -> {
            boolean works = loop.stalledFor().compareTo(STALLED) < 0;
            return new AgentHttp.Answer(
                    works ? 200 : 503, Json.object().put("status", works ? "up" : "the loop stands still"));
        });
        look("/cluster/role", this::role);
        look("/cluster/node", request -> AgentHttp.Answer.ok(NodeReport.of(loop)));
        look("/cluster/status", request -> AgentHttp.Answer.ok(report.of()));
        look("/cluster/history", this::history);
        look("/cluster/explain", this::explain);
        change("/cluster/switchover", this::switchover);
        change("/cluster/failover", this::failover);
        change("/cluster/pause", request -> pause(request, true));
        change("/cluster/resume", request -> pause(request, false));
        change("/cluster/join", this::join);
        change("/cluster/leave", this::leave);
        change("/cluster/reinit", this::reinit);
        salvage("GET", "", (desk, request, id) -> desk.list());
        salvage("GET", "/(\\d{1,18})", SalvageDesk::show);
        salvage("GET", "/(\\d{1,18})/export", (desk, request, id) -> desk.export(id));
        salvage("POST", "/(\\d{1,18})/apply", SalvageDesk::apply);
        salvage("POST", "/(\\d{1,18})/discard", (desk, request, id) -> desk.discard(id));
    }

    /** @param needsKey whether it changes something or shows rows */
    record Operation(String method, Pattern path, boolean needsKey, Body body) {

        AgentHttp.Reply carryOut(AgentHttp.Request request) throws InterruptedException {
            return body.carryOut(request);
        }
    }

    /** What an operation does. */
    interface Body {
        AgentHttp.Reply carryOut(AgentHttp.Request request) throws InterruptedException;
    }

    private void look(String path, Body body) {
        all.add(new Operation("GET", Pattern.compile(Pattern.quote(path)), false, body));
    }

    private void change(String path, Body body) {
        all.add(new Operation("POST", Pattern.compile(Pattern.quote(path)), true, body));
    }

    private interface SalvageBody {
        AgentHttp.Reply carryOut(SalvageDesk desk, AgentHttp.Request request, long id);
    }

    private void salvage(String method, String rest, SalvageBody body) {
        Pattern path = Pattern.compile("/cluster/salvage" + rest);
        all.add(new Operation(method, path, true, request -> {
            if (loop.role().role() != Role.ACTIVE) {
                return request.method().equals("GET") ? downloadFromActive(request) : forwardToActive(request);
            }
            Matcher matcher = path.matcher(request.path());
            long id = matcher.matches() && matcher.groupCount() > 0 ? Long.parseLong(matcher.group(1)) : 0;
            SalvageDesk desk = salvage.orElseThrow(() -> new IllegalStateException("an active node has a database"));
            return body.carryOut(desk, request, id);
        }));
    }

    Optional<Operation> find(String method, String path) {
        return all.stream()
                .filter(operation -> operation.method().equals(method)
                        && operation.path().matcher(path).matches())
                .findFirst();
    }

    List<String> names() {
        return all.stream()
                .map(operation -> operation.method() + " "
                        + operation
                                .path()
                                .pattern()
                                .replaceAll("\\\\[QE]|[()]", "")
                                .replace("\\d{1,18}", "ID"))
                .toList();
    }

    private AgentHttp.Answer standby(AgentHttp.Request request) {
        long limit = Long.parseLong(request.number("lag", Long.toString(Long.MAX_VALUE / 10)));
        ObjectNode node = NodeReport.role(loop, loop.role());
        String database = NodeReport.database(loop);
        long lag = NodeReport.lagBytes(loop);
        node.put("state", database);
        node.put("lag_bytes", lag < 0 ? null : lag);
        boolean fine = loop.role().role() == Role.FOLLOWER && database.equals("streaming") && lag >= 0 && lag <= limit;
        return new AgentHttp.Answer(fine ? 200 : 503, node);
    }

    private AgentHttp.Answer role(AgentHttp.Request request) throws InterruptedException {
        RoleView view = loop.role();
        if (request.query().containsKey("wait")) {
            Duration limit =
                    Duration.ofSeconds(Math.min(LONGEST_POLL.toSeconds(), Long.parseLong(request.number("wait", "0"))));
            view = loop.awaitRole(Long.parseLong(request.number("since", "0")), limit);
        }
        return AgentHttp.Answer.ok(NodeReport.role(loop, view));
    }

    private AgentHttp.Answer history(AgentHttp.Request request) {
        ArrayNode entries = Json.object().putArray("items");
        loop.history()
                .entries()
                .forEach(entry -> entries.addObject()
                        .put("at", entry.at())
                        .put("epoch", entry.epoch())
                        .put("what", entry.what())
                        .put("detail", entry.detail()));
        ObjectNode body = Json.object();
        body.put("node", loop.role().node().value());
        body.set("items", entries);
        return AgentHttp.Answer.ok(body);
    }

    /** By the active node, which knows most; by this one where there is none. */
    private AgentHttp.Answer explain(AgentHttp.Request request) throws InterruptedException {
        NodeId active = loop.role().active();
        if (active != null && !active.equals(loop.role().node()) && !request.forwarded()) {
            try {
                return toNode(request, active.value());
            } catch (Problem unreachable) {
                LOG.debugf(unreachable, "%s explains nothing", active);
            }
        }
        ObjectNode body = Json.object();
        body.put("node", loop.role().node().value());
        body.set("sentences", Json.tree(loop.explain()));
        return AgentHttp.Answer.ok(body);
    }

    private AgentHttp.Answer switchover(AgentHttp.Request request) throws InterruptedException {
        Optional<AgentHttp.Answer> handedOn = toActive(request);
        if (handedOn.isPresent()) {
            return handedOn.get();
        }
        NodeId target = optionalNode(request, "target");
        if (target != null) {
            requireMember(target);
        }
        long before = System.nanoTime();
        long epoch = loop.role().epoch();
        ask(id -> new Event.Switchover(id, target));
        RoleView view = await(
                now -> now.active() != null
                        && now.epoch() > epoch
                        && !now.active().equals(now.node()),
                "the switchover was begun, but no other node is active after " + DONE.toSeconds() + " s");
        return done(view, before);
    }

    private AgentHttp.Answer failover(AgentHttp.Request request) throws InterruptedException {
        JsonNode body = Json.body(request.body());
        NodeId target = optionalNode(request, "target");
        if (target != null && !target.equals(loop.role().node())) {
            return toNode(request, target.value());
        }
        boolean force = body.path("force").asBoolean();
        long before = System.nanoTime();
        RoleView now = loop.role();
        if (now.role() == Role.ACTIVE && now.leaseValid()) {
            throw Problem.refused(
                    now.node() + " is active already, in epoch " + now.epoch(),
                    "name another node with --target, or use switchover, which loses nothing");
        }
        if (!force) {
            requireMajority();
            ask(Event.Campaign::new);
        } else {
            if (!body.path("i_know_the_other_is_dead").asBoolean()) {
                throw Problem.refused(
                        "a forced failover makes " + now.node()
                                + " active without a majority; if another node still serves, both do",
                        "make sure that the other nodes are down or cut off, then add --i-know-the-other-is-dead");
            }
            Set<NodeId> lost = lostVoters();
            ask(id -> new Event.Force(id, lost));
        }
        RoleView view = await(
                later -> later.leaseValid(),
                "this node stands for election, but is not active after " + DONE.toSeconds() + " s");
        return done(view, before);
    }

    /** An election without one cannot end; an operator is told so at once. */
    private void requireMajority() {
        JsonNode quorum = report.of().path("quorum");
        for (int more = 0; more < QUORUM_LOOKS && !quorum.path("healthy").asBoolean(); more++) {
            quorum = report.of().path("quorum"); // one slow answer on a busy machine is no loss of a node
        }
        if (!quorum.path("healthy").asBoolean()) {
            throw Problem.refused(
                    quorum.path("reachable").asInt() + " of "
                            + quorum.path("voters").asInt() + " voters answer, and "
                            + quorum.path("needed").asInt() + " are needed to elect a node",
                    "start the others; if they are gone for good, force it: --force --i-know-the-other-is-dead");
        }
    }

    /** The voters that do not answer; refuses if one that does is active. */
    private Set<NodeId> lostVoters() {
        JsonNode status = report.of();
        Set<NodeId> lost = new HashSet<>();
        for (JsonNode member : status.path("members")) {
            boolean isSelf =
                    member.path("id").asText().equals(loop.role().node().value());
            if (!member.path("voting").asBoolean() || isSelf) {
                continue;
            }
            if (member.path("state").asText().equals("unreachable")) {
                lost.add(new NodeId(member.path("id").asText()));
            }
        }
        if (!status.path("active").isNull() && !status.path("active").isMissingNode()) {
            throw Problem.refused(
                    status.path("active").asText() + " is active and answers",
                    "use switchover, which loses nothing; force is for nodes that are gone");
        }
        return lost;
    }

    private AgentHttp.Answer pause(AgentHttp.Request request, boolean paused) throws InterruptedException {
        Optional<AgentHttp.Answer> handedOn = toActive(request);
        if (handedOn.isPresent()) {
            return handedOn.get();
        }
        ask(id -> new Event.SetPaused(id, paused));
        return AgentHttp.Answer.ok(Json.object().put("paused", paused));
    }

    private AgentHttp.Answer join(AgentHttp.Request request) throws InterruptedException {
        JsonNode body = Json.body(request.body());
        String text = body.path("node").asText("");
        if (text.isEmpty()) {
            // the node that is asked joins; it hands its address to the active one
            MemberAddress self = loop.address(loop.role().node().value())
                    .orElseThrow(() -> new IllegalStateException("a node knows its own address"));
            ObjectNode own = Json.object().put("node", self.toString());
            List<String> tried = new ArrayList<>();
            for (MemberAddress member : loop.addresses()) {
                if (!member.id().equals(self.id())) {
                    try {
                        AgentClient.Answer answer =
                                client.forward(member, "POST", "/cluster/join", Json.bytes(own), HANDED_ON);
                        if (answer.status() != 503) {
                            return relayed(answer);
                        }
                        tried.add(member.id() + " knows no active node");
                    } catch (Problem unreachable) {
                        tried.add(unreachable.getMessage());
                    }
                }
            }
            throw Problem.noActive("no member of the cluster could take this node in: " + tried);
        }
        MemberAddress address = address(text);
        if (loop.role().role() != Role.ACTIVE) {
            // not marked as handed on yet when the new node itself asked: the active one may be a third
            return forwardToActive(request);
        }
        loop.learn(address);
        NodeId node = new NodeId(address.id());
        int priority = body.path("priority").asInt(0);
        MemberKind kind = address.isWitness() ? MemberKind.WITNESS : MemberKind.DATA;
        ask(id -> new Event.Join(id, node, kind, priority));
        return AgentHttp.Answer.ok(Json.object()
                .put("node", address.toString())
                .put("state", "joining: it is copied, then streams, then votes; see cluster status"));
    }

    private static MemberAddress address(String text) {
        try {
            return MemberAddress.parse(text);
        } catch (AgentRefused e) {
            throw Problem.badRequest(e.getMessage(), "write the node as in members of agent.properties");
        }
    }

    private AgentHttp.Answer leave(AgentHttp.Request request) throws InterruptedException {
        NodeId node = node(request, "node");
        Optional<AgentHttp.Answer> handedOn = toActive(request);
        if (handedOn.isPresent()) {
            return handedOn.get();
        }
        requireMember(node);
        ask(id -> new Event.Leave(id, node));
        return AgentHttp.Answer.ok(Json.object()
                .put("node", node.value())
                .put("state", "leaving: it does not count any more as soon as a majority knows"));
    }

    private AgentHttp.Answer reinit(AgentHttp.Request request) throws InterruptedException {
        NodeId node = node(request, "node");
        if (!node.equals(loop.role().node())) {
            return toNode(request, node.value());
        }
        ask(Event.Reinit::new);
        return AgentHttp.Answer.ok(Json.object()
                .put("node", node.value())
                .put("state", "copied anew from the active node; see cluster status"));
    }

    /** What would be refused only because something else is just being done is asked for again for a while. */
    private void ask(Function<String, Event.Request> event) throws InterruptedException {
        long until = System.nanoTime() + SETTLED.toNanos();
        Optional<Refusal> refusal = answer(event);
        while (refusal.filter(Refusal::passing).isPresent() && System.nanoTime() - until < 0) {
            Thread.sleep(ASK_AGAIN.toMillis());
            refusal = answer(event);
        }
        if (refusal.isPresent()) {
            throw Problem.refused(refusal.get().detail(), refusal.get().hint());
        }
    }

    private Optional<Refusal> answer(Function<String, Event.Request> event) throws InterruptedException {
        try {
            return loop.request(event).get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Problem(
                    504,
                    "timeout",
                    "the election has not answered within " + ANSWER.toSeconds() + " s",
                    "see what it does: holdfast cluster status; what was asked may still be done");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a request failed", e);
        }
    }

    private interface Condition {
        boolean holds(RoleView view);
    }

    private RoleView await(Condition condition, String otherwise) throws InterruptedException {
        long until = System.nanoTime() + DONE.toNanos();
        RoleView view = loop.role();
        while (!condition.holds(view)) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new Problem(504, "timeout", otherwise, "see why: holdfast cluster explain");
            }
            view = loop.awaitRole(view.version(), Duration.ofNanos(left));
        }
        return view;
    }

    private AgentHttp.Answer done(RoleView view, long before) {
        ObjectNode body = NodeReport.role(loop, view);
        body.put("took_ms", (System.nanoTime() - before) / 1_000_000);
        return AgentHttp.Answer.ok(body);
    }

    /** Empty if this node is the active one. */
    private Optional<AgentHttp.Answer> toActive(AgentHttp.Request request) throws InterruptedException {
        return loop.role().role() == Role.ACTIVE ? Optional.empty() : Optional.of(forwardToActive(request));
    }

    private AgentHttp.Answer forwardToActive(AgentHttp.Request request) throws InterruptedException {
        return toNode(request, otherActive());
    }

    private String otherActive() {
        RoleView view = loop.role();
        NodeId active = view.active();
        if (active == null || active.equals(view.node())) {
            throw Problem.noActive("the operation is the active node's, and " + view.node() + " knows none");
        }
        return active.value();
    }

    private AgentHttp.Answer toNode(AgentHttp.Request request, String node) throws InterruptedException {
        return relayed(client.forward(
                otherNode(request, node), request.method(), request.pathAndQuery(), request.body(), HANDED_ON));
    }

    /** Where to hand a request on to. */
    private MemberAddress otherNode(AgentHttp.Request request, String node) {
        if (request.forwarded() && !request.path().equals("/cluster/join")) {
            throw new Problem(
                    503,
                    "no_active_node",
                    "the operation was handed on to " + loop.role().node() + ", which would hand it on to " + node,
                    "the active node is changing; try again in a second");
        }
        return loop.address(node)
                .orElseThrow(() -> noMember(
                        node, loop.addresses().stream().map(MemberAddress::id).toList()));
    }

    private void requireMember(NodeId node) {
        Configuration configuration = loop.state().durable().configuration();
        if (configuration.member(node).isEmpty()) {
            throw noMember(
                    node.value(),
                    configuration.members().stream()
                            .map(member -> member.id().value())
                            .toList());
        }
    }

    private static Problem noMember(String node, List<String> members) {
        return new Problem(
                404,
                "not_found_error",
                "there is no member " + node + "; the members are " + members,
                "name one of them");
    }

    private AgentHttp.Reply downloadFromActive(AgentHttp.Request request) throws InterruptedException {
        return client.download(otherNode(request, otherActive()), request.pathAndQuery(), HANDED_ON);
    }

    private static AgentHttp.Answer relayed(AgentClient.Answer answer) {
        return new AgentHttp.Answer(
                answer.status(),
                Json.read(answer.body())
                        .orElseThrow(() -> new Problem(
                                502, "agent_unreachable", "the other agent answered no JSON", "see its log")));
    }

    private static @Nullable NodeId optionalNode(AgentHttp.Request request, String name) {
        String value = Json.body(request.body()).path(name).asText("");
        return value.isEmpty() || value.equals("null") ? null : node(request, name);
    }

    private static NodeId node(AgentHttp.Request request, String name) {
        String value = Json.body(request.body()).path(name).asText("");
        try {
            return new NodeId(value);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    name + " is \"" + value + "\": " + e.getMessage(),
                    "name a node such as {\"" + name + "\": \"n2\"}");
        }
    }
}
