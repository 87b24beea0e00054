package io.holdfast.cluster.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.election.Configuration;
import io.holdfast.cluster.election.ConfigurationVersion;
import io.holdfast.cluster.election.Member;
import io.holdfast.cluster.election.MemberKind;
import io.holdfast.cluster.election.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterReportTest {

    private final Map<String, JsonNode> said = new LinkedHashMap<>(Map.of(
            "n1", node("n1", "ACTIVE", "running").put("lease_valid", true),
            "n2", node("n2", "FOLLOWER", "streaming"),
            "n3", node("n3", "FOLLOWER", "streaming")));

    @Test
    void whereAllStreamAndAreHeardNothingIsWrong() {
        JsonNode report = report(false);
        assertThat(report.path("state").asText()).isEqualTo("healthy");
        assertThat(report.path("why").isArray()).isTrue();
        assertThat(report.path("why")).isEmpty();
        assertThat(report.path("members"))
                .allSatisfy(member ->
                        assertThat(member.path("heard").booleanValue()).isTrue());
    }

    /** The log streams over TCP and the reports come over HTTP: neither shows that datagrams are lost. */
    @Test
    void aMemberThatTheActiveNodeDoesNotHearMakesTheClusterDegraded() {
        ((ObjectNode) said.get("n1")).putArray("unheard").add("n2");
        JsonNode report = report(false);
        assertThat(report.path("state").asText()).isEqualTo("degraded");
        assertThat(report.path("why"))
                .singleElement()
                .extracting(JsonNode::asText)
                .isEqualTo("the active node n1 hears nothing of the agent of n2, 10.0.0.2 UDP port 7400: see that"
                        + " datagrams go through between the two, both ways");
        assertThat(report.path("members").findValuesAsText("heard")).containsExactly("true", "false", "true");
    }

    @Test
    void everyReasonIsNamed() {
        // given
        said.remove("n2");
        said.put("n3", node("n3", "REJOINING", "rejoining"));
        // when
        JsonNode report = report(true);
        // then
        assertThat(report.path("state").asText()).isEqualTo("paused");
        assertThat(report.path("why"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "elections are paused",
                        "the agent of n2 does not answer at http://10.0.0.2:7401",
                        "the database of n3 is rejoining");
    }

    @Test
    void withoutAnActiveNodeNobodyCanSayWhoIsHeard() {
        said.put("n1", node("n1", "FOLLOWER", "waiting"));
        JsonNode report = report(false);
        assertThat(report.path("state").asText()).isEqualTo("no_active");
        assertThat(report.path("why").get(0).asText()).startsWith("no node is active with a valid lease");
        assertThat(report.path("members"))
                .allSatisfy(member -> assertThat(member.path("heard").isNull()).isTrue());
    }

    @Test
    void twoActiveNodesAreNamed() {
        said.put("n2", node("n2", "ACTIVE", "running").put("lease_valid", true).put("epoch", 1007));
        JsonNode report = report(false);
        assertThat(report.path("state").asText()).isEqualTo("split_brain");
        assertThat(report.path("active").asText()).isEqualTo("n2");
        assertThat(report.path("why").get(0).asText()).matches("n[12] and n[12] are active");
    }

    private JsonNode report(boolean paused) {
        List<Member> members = List.of("n1", "n2", "n3").stream()
                .map(id -> Member.joining(new NodeId(id), MemberKind.DATA, 0).voter(1))
                .toList();
        Configuration configuration = new Configuration(
                new ConfigurationVersion(7, 0),
                members,
                Set.of(new NodeId("n1"), new NodeId("n2"), new NodeId("n3")),
                paused);
        Map<String, MemberAddress> known = members.stream()
                .map(member -> member.id().value())
                .collect(Collectors.toMap(
                        id -> id, id -> new MemberAddress(id, "10.0.0." + id.charAt(1), 7400, 7401, 5432, 8080)));
        return ClusterReport.of(new ClusterReport.Seen("test", "n3", 7, configuration, known, said));
    }

    private static ObjectNode node(String id, String role, String state) {
        return Json.object()
                .put("node", id)
                .put("role", role)
                .put("epoch", 7)
                .put("lease_valid", false)
                .put("state", state)
                .put("timeline", 7)
                .put("lsn", "0/5000000");
    }
}
