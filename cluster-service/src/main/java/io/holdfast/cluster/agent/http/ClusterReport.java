package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.loop.NodeLoop;
import io.holdfast.cluster.election.Configuration;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Member;
import io.holdfast.cluster.election.MemberKind;
import io.holdfast.cluster.election.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The whole cluster, from what each node says of itself. Any node can tell it, also while there is no active one. */
final class ClusterReport {

    private static final Duration LIMIT = Duration.ofMillis(800);

    private final NodeLoop loop;
    private final AgentClient client;
    private final String cluster;

    ClusterReport(NodeLoop loop, AgentClient client, String cluster) {
        this.loop = loop;
        this.client = client;
        this.cluster = cluster;
    }

    ObjectNode of() {
        Map<String, MemberAddress> known = new LinkedHashMap<>();
        loop.addresses().forEach(address -> known.put(address.id(), address));
        ObjectNode report = of(new Seen(
                cluster,
                loop.role().node().value(),
                loop.state().epoch(),
                loop.state().durable().configuration(),
                known,
                ask(known)));
        ObjectNode drops = report.putObject("dropped_datagrams");
        loop.drops().forEach(drops::put);
        return report;
    }

    /**
     * What one node knows of all.
     *
     * @param asked the node that tells
     * @param epoch the highest that it has taken part in
     * @param said what each node that answered says of itself, {@link NodeReport#of}
     */
    record Seen(
            String cluster,
            String asked,
            long epoch,
            Configuration configuration,
            Map<String, MemberAddress> known,
            Map<String, JsonNode> said) {}

    static ObjectNode of(Seen seen) {
        Configuration configuration = seen.configuration();
        List<String> actives = new ArrayList<>();
        String active = null;
        long epoch = seen.epoch();
        for (Map.Entry<String, JsonNode> node : seen.said().entrySet()) {
            epoch = Math.max(epoch, node.getValue().path("epoch").asLong());
            if (node.getValue().path("lease_valid").asBoolean()) {
                actives.add(node.getKey());
                if (active == null
                        || node.getValue().path("epoch").asLong()
                                > seen.said().get(active).path("epoch").asLong()) {
                    active = node.getKey();
                }
            }
        }
        List<String> why = new ArrayList<>();
        if (actives.isEmpty()) {
            why.add(
                    "no node is active with a valid lease: an election is under way, or too few voters reach each other");
        } else if (actives.size() > 1) {
            why.add(String.join(" and ", actives) + " are active");
        }
        if (configuration.paused()) {
            why.add("elections are paused");
        }
        ArrayNode members = Json.object().putArray("members");
        int voters = 0;
        int reachable = 0;
        boolean whole = true;
        for (Member member : members(configuration, seen.known())) {
            JsonNode node = seen.said().get(member.id().value());
            members.add(row(seen, member, active));
            if (member.voting()) {
                voters++;
                reachable += node == null ? 0 : 1;
            }
            Optional<String> lack = lack(seen, member, active);
            lack.ifPresent(why::add);
            whole &= lack.isEmpty();
        }
        ObjectNode report = Json.object();
        report.put("cluster", seen.cluster());
        report.put("asked", seen.asked());
        report.put("state", state(actives, whole, configuration.paused()));
        report.put("active", active);
        report.put("epoch", epoch);
        report.put("paused", configuration.paused());
        report.set("why", Json.tree(why));
        ObjectNode quorum = report.putObject("quorum");
        quorum.put("voters", voters);
        quorum.put("reachable", reachable);
        quorum.put("needed", configuration.majority());
        quorum.put("healthy", reachable >= configuration.majority());
        report.set("members", members);
        if (actives.size() > 1) {
            report.set("actives", Json.tree(actives));
        }
        return report;
    }

    private static ObjectNode row(Seen seen, Member member, @Nullable String active) {
        String id = member.id().value();
        JsonNode node = seen.said().get(id);
        MemberAddress address = seen.known().get(id);
        ObjectNode row = Json.object();
        row.put("id", id);
        row.put("host", address == null ? null : address.host());
        row.put("kind", member.kind().name());
        row.put("voting", member.voting());
        row.put("role", node == null ? null : node.path("role").asText());
        row.put("state", node == null ? "unreachable" : node.path("state").asText());
        row.put("heard", active == null ? null : isHeard(seen, id, active));
        row.put("epoch", node == null ? null : node.path("epoch").asLong());
        boolean data = node != null && address != null && !address.isWitness();
        row.put("timeline", data ? node.path("timeline").asLong() : null);
        row.put("lsn", data ? node.path("lsn").asText() : null);
        Long lag = data && active != null
                ? Math.max(
                        0,
                        Lsn.parse(seen.said().get(active).path("lsn").asText())
                                .minus(Lsn.parse(node.path("lsn").asText())))
                : null;
        row.put("lag_bytes", id.equals(active) ? null : lag);
        row.put(
                "in_sync",
                seen.configuration().inSync().contains(member.id())
                        && node != null
                        && List.of("streaming", "running")
                                .contains(node.path("state").asText()));
        return row;
    }

    /** Whether the active node has heard the member's agent of late. It hears itself. */
    private static boolean isHeard(Seen seen, String id, String active) {
        for (JsonNode unheard : seen.said().get(active).path("unheard")) {
            if (unheard.asText().equals(id)) {
                return false;
            }
        }
        return true;
    }

    /** What a member lacks of what it should do; empty if it does all. */
    private static Optional<String> lack(Seen seen, Member member, @Nullable String active) {
        String id = member.id().value();
        JsonNode node = seen.said().get(id);
        MemberAddress address = seen.known().get(id);
        if (node == null) {
            return Optional.of(
                    address == null
                            ? "the address of " + id + " is not known"
                            : "the agent of " + id + " does not answer at " + address.httpUrl());
        }
        String state = node.path("state").asText();
        boolean works = List.of("streaming", "voting").contains(state) || id.equals(active) && state.equals("running");
        if (!works) {
            return Optional.of("the database of " + id + " is " + state);
        }
        if (active != null && !isHeard(seen, id, active)) {
            return Optional.of("the active node " + active + " hears nothing of the agent of " + id
                    + (address == null ? "" : ", " + address.host() + " UDP port " + address.peerPort())
                    + ": see that datagrams go through between the two, both ways");
        }
        return member.voting() ? Optional.empty() : Optional.of(id + " does not vote yet");
    }

    private static String state(List<String> actives, boolean whole, boolean paused) {
        if (actives.size() > 1) {
            return "split_brain";
        }
        if (actives.isEmpty()) {
            return "no_active";
        }
        return paused ? "paused" : whole ? "healthy" : "degraded";
    }

    /** Those of the configuration; before a node has any, those of its file. */
    private static List<Member> members(Configuration configuration, Map<String, MemberAddress> known) {
        if (!configuration.members().isEmpty()) {
            return configuration.members();
        }
        return known.values().stream()
                .map(address -> Member.joining(
                        new NodeId(address.id()), address.isWitness() ? MemberKind.WITNESS : MemberKind.DATA, 0))
                .toList();
    }

    private Map<String, JsonNode> ask(Map<String, MemberAddress> known) {
        Map<String, CompletableFuture<Optional<JsonNode>>> asked = new LinkedHashMap<>();
        known.forEach((id, address) -> {
            if (!id.equals(loop.role().node().value())) {
                asked.put(id, client.node(address, LIMIT));
            }
        });
        Map<String, JsonNode> said = new LinkedHashMap<>();
        said.put(loop.role().node().value(), NodeReport.of(loop));
        asked.forEach((id, future) -> future.join()
                .filter(node -> node.path("node").asText().equals(id))
                .ifPresent(node -> said.put(id, node)));
        return said;
    }
}
