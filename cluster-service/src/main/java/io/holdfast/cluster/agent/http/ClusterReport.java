package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.loop.NodeLoop;
import io.holdfast.cluster.election.Configuration;
import io.holdfast.cluster.election.Lsn;
import io.holdfast.cluster.election.Member;
import io.holdfast.cluster.election.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

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
        Configuration configuration = loop.state().durable().configuration();
        Map<String, MemberAddress> known = new LinkedHashMap<>();
        loop.addresses().forEach(address -> known.put(address.id(), address));
        Map<String, JsonNode> said = ask(known);

        List<String> actives = new ArrayList<>();
        String active = null;
        long epoch = loop.state().epoch();
        for (Map.Entry<String, JsonNode> node : said.entrySet()) {
            epoch = Math.max(epoch, node.getValue().path("epoch").asLong());
            if (node.getValue().path("lease_valid").asBoolean()) {
                actives.add(node.getKey());
                if (active == null
                        || node.getValue().path("epoch").asLong()
                                > said.get(active).path("epoch").asLong()) {
                    active = node.getKey();
                }
            }
        }
        Lsn end = active == null ? null : Lsn.parse(said.get(active).path("lsn").asText());
        ArrayNode members = Json.object().putArray("members");
        int voters = 0;
        int reachable = 0;
        boolean whole = true;
        for (Member member : members(configuration, known)) {
            String id = member.id().value();
            JsonNode node = said.get(id);
            boolean inSync = configuration.inSync().contains(member.id());
            ObjectNode row = members.addObject();
            row.put("id", id);
            MemberAddress address = known.get(id);
            row.put("host", address == null ? null : address.host());
            row.put("kind", member.kind().name());
            row.put("voting", member.voting());
            row.put("role", node == null ? null : node.path("role").asText());
            row.put("state", node == null ? "unreachable" : node.path("state").asText());
            row.put("epoch", node == null ? null : node.path("epoch").asLong());
            boolean data = node != null && address != null && !address.isWitness();
            row.put("timeline", data ? node.path("timeline").asLong() : null);
            row.put("lsn", data ? node.path("lsn").asText() : null);
            Long lag = data && end != null
                    ? Math.max(0, end.minus(Lsn.parse(node.path("lsn").asText())))
                    : null;
            row.put("lag_bytes", id.equals(active) ? null : lag);
            row.put(
                    "in_sync",
                    inSync
                            && node != null
                            && List.of("streaming", "running")
                                    .contains(node.path("state").asText()));
            if (member.voting()) {
                voters++;
                reachable += node == null ? 0 : 1;
            }
            whole &= node != null
                    && (List.of("streaming", "voting")
                                    .contains(node.path("state").asText())
                            || id.equals(active) && node.path("state").asText().equals("running"))
                    && member.voting();
        }
        ObjectNode report = Json.object();
        report.put("cluster", cluster);
        report.put("asked", loop.role().node().value());
        report.put("state", state(actives, whole, configuration.paused()));
        report.put("active", active);
        report.put("epoch", epoch);
        report.put("paused", configuration.paused());
        ObjectNode quorum = report.putObject("quorum");
        quorum.put("voters", voters);
        quorum.put("reachable", reachable);
        quorum.put("needed", configuration.majority());
        quorum.put("healthy", reachable >= configuration.majority());
        report.set("members", members);
        if (actives.size() > 1) {
            report.set("actives", Json.tree(actives));
        }
        ObjectNode drops = report.putObject("dropped_datagrams");
        loop.drops().forEach(drops::put);
        return report;
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
                        new NodeId(address.id()),
                        address.isWitness()
                                ? io.holdfast.cluster.election.MemberKind.WITNESS
                                : io.holdfast.cluster.election.MemberKind.DATA,
                        0))
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
