package io.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster's verbs against an agent that answers what a test told it to. */
class ClusterCommandTest {

    private static final String STATUS = """
        {"cluster": "test", "state": "%s", "why": ["the active node n1 hears nothing of the agent of n2"], "active": "n1", "epoch": 7, "paused": false,
         "quorum": {"voters": 3, "reachable": 2, "needed": 2, "healthy": true},
         "members": [
          {"id": "n1", "host": "10.0.0.1", "kind": "DATA", "voting": true, "role": "ACTIVE", "state": "running",
           "timeline": 7, "lsn": "0/5000060", "lag_bytes": null, "in_sync": true},
          {"id": "n2", "host": "10.0.0.2", "kind": "DATA", "voting": false, "role": "FOLLOWER", "state": "streaming", "heard": false,
           "timeline": 7, "lsn": "0/5000000", "lag_bytes": 96, "in_sync": false},
          {"id": "n3", "host": "10.0.0.3", "kind": "DATA", "voting": true, "role": null, "state": "unreachable",
           "timeline": null, "lsn": null, "lag_bytes": null, "in_sync": false}]}
        """;

    @TempDir
    Path folder;

    private HttpServer agent;
    private final Map<String, String> answers = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> signatures = new ArrayList<>();
    private int status = 200;

    private record Ran(int exitCode, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/", this::answer);
        agent.start();
        Path node = Files.createDirectories(folder.resolve("data/nodes/n1"));
        Files.writeString(node.resolve("cluster.key"), "0123456789abcdef0123456789abcdef\n");
        Files.writeString(
                node.resolve("agent.properties"),
                "node.id=n1\nhttp.port=" + agent.getAddress().getPort() + "\n");
    }

    @AfterEach
    void stop() {
        agent.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!line.equals("GET /health")) {
            requests.add(body.isEmpty() ? line : line + " " + body);
            String signature = exchange.getRequestHeaders().getFirst("Holdfast-Signature");
            if (signature != null) {
                signatures.add(signature);
            }
        }
        byte[] answer = answers.getOrDefault(line, answers.getOrDefault(line.split("\\?")[0], "{}"))
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(line.equals("GET /health") ? 200 : status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--data";
        all[args.length + 1] = folder.resolve("data").toString();
        int exitCode = Cli.run(all, Map.of(), new PrintWriter(out, true), new PrintWriter(err, true));
        return new Ran(exitCode, out.toString(), err.toString());
    }

    @Test
    void theStatusIsATableAndAnExitCode() {
        // given
        answers.put("GET /cluster/status", STATUS.formatted("degraded"));
        // when
        Ran ran = run("cluster", "status");
        // then
        assertThat(ran.exitCode()).isEqualTo(10);
        assertThat(ran.out())
                .contains("Cluster test: degraded, epoch 7, active n1")
                .contains("| n1     | 10.0.0.1 | ACTIVE")
                .contains("\n- the active node n1 hears nothing of the agent of n2\n")
                .contains("FOLLOWER (no vote) | streaming, not heard | 7        | 0/5000000 | 96  | no")
                .contains("unreachable")
                .contains("Voters: 2 of 3 answer, 2 are needed");
        assertThat(signatures).as("looking needs no key").isEmpty();
    }

    @Test
    void everyStateHasItsExitCode() {
        Map.of("healthy", 0, "paused", 0, "degraded", 10, "no_active", 10, "split_brain", 11)
                .forEach((state, code) -> {
                    answers.put("GET /cluster/status", STATUS.formatted(state));
                    assertThat(run("cluster", "status").exitCode()).as(state).isEqualTo(code);
                    assertThat(run("cluster", "list").exitCode()).as(state).isZero();
                });
    }

    @Test
    void operationsAreSignedWithTheNodesKeyAndSayWhatCameOfThem() {
        // given
        answers.put("POST /cluster/switchover", "{\"active\": \"n2\", \"epoch\": 8, \"took_ms\": 120}");
        answers.put("POST /cluster/leave", "{\"node\": \"n3\", \"state\": \"leaving\"}");
        // when
        Ran switchover = run("cluster", "switchover", "--target", "n2");
        Ran leave = run("cluster", "leave", "n3");
        // then
        assertThat(switchover.exitCode()).isZero();
        assertThat(switchover.out()).isEqualTo("n2 is active, epoch 8 (after 120 ms)\n");
        assertThat(leave.out()).isEqualTo("n3 is leaving\n");
        assertThat(requests)
                .containsExactly(
                        "POST /cluster/switchover {\"target\":\"n2\"}", "POST /cluster/leave {\"node\":\"n3\"}");
        assertThat(signatures).hasSize(2).allMatch(text -> text.matches("t=\\d+,n=[0-9a-f]{32},s=[0-9a-f]{64}"));
    }

    @Test
    void aRefusalSaysWhyAndWhatToDo() {
        // given
        status = 409;
        answers.put(
                "POST /cluster/switchover",
                "{\"status\": 409, \"detail\": \"n3 is not in sync\", \"hint\": \"wait\", \"error_code\":"
                        + " \"cluster_operation_refused\"}");
        // when
        Ran ran = run("cluster", "switchover", "--target", "n3");
        // then
        assertThat(ran.exitCode()).isEqualTo(4);
        assertThat(ran.err()).contains("409: n3 is not in sync\nwait");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void forceIsPassedOnOnlyAsItWasSaid() {
        // when
        run("cluster", "failover", "--force");
        run("cluster", "failover", "--target", "n2", "--force", "--i-know-the-other-is-dead");
        // then
        assertThat(requests)
                .containsExactly(
                        "POST /cluster/failover {\"force\":true,\"i_know_the_other_is_dead\":false}",
                        "POST /cluster/failover"
                                + " {\"target\":\"n2\",\"force\":true,\"i_know_the_other_is_dead\":true}");
    }

    @Test
    void salvagedChangesAreListedShownAndMerged() {
        // given
        answers.put(
                "GET /cluster/salvage",
                "{\"items\": [{\"id\": 1, \"node\": \"n1\", \"epoch\": 8, \"state\": \"open\", \"changes\": 3,"
                        + " \"open\": 3}]}");
        answers.put(
                "GET /cluster/salvage/1?after=0",
                "{\"id\": 1, \"items\": [{\"ordinal\": 1, \"table\": \"public.t\", \"kind\": \"insert\", \"state\":"
                        + " \"free\", \"after\": {\"id\": \"5\"}}], \"notes\": [\"a table without a key\"]}");
        answers.put(
                "POST /cluster/salvage/1/apply",
                "{\"applied\": 2, \"present\": 0, \"left\": 1, \"conflicts\": [{\"ordinal\": 3, \"table\": \"public.t\","
                        + " \"kind\": \"update\", \"state\": \"conflict\", \"reason\": \"changed on both\"}]}");
        // when, then
        assertThat(run("cluster", "salvage", "list").out()).contains("| 1  | n1");
        Ran shown = run("cluster", "salvage", "show", "1");
        assertThat(shown.out()).contains("public.t").contains("{\"id\":\"5\"}");
        assertThat(shown.err()).contains("note: a table without a key");
        Ran applied = run("cluster", "salvage", "apply", "1");
        assertThat(applied.out())
                .startsWith("2 changes merged, 0 were there, 1 left\n")
                .contains("| 3 ", "changed on both");
        assertThat(applied.err()).contains("cluster salvage export 1");
        assertThat(signatures).as("rows are shown to who has the key").hasSize(3);
    }

    @Test
    void aSalvageIsExportedWholeOrNotAtAll() throws IOException {
        // given
        String first = "{\"salvage\": 1, \"node\": \"n1\", \"changes\": 2}\n";
        String lines = first + "{\"ordinal\": 1, \"after\": \"é\"}\n{\"ordinal\": 2}\n";
        answers.put("GET /cluster/salvage/1/export", lines);
        answers.put("GET /cluster/salvage/2/export", first + "{\"ordinal\": 1}\n");
        Path kept = folder.resolve("kept.jsonl");
        // when
        Ran ran = run("cluster", "salvage", "export", "1", "-o", kept.toString());
        Ran again = run("cluster", "salvage", "export", "1", "-o", kept.toString());
        Ran broken = run("cluster", "salvage", "export", "2", "-o", folder.toString());
        // then
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("2 changes written to " + kept + "\n");
        assertThat(kept).hasContent(lines);
        assertThat(Files.getPosixFilePermissions(kept)).hasSize(2);
        assertThat(again.exitCode()).isEqualTo(5);
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.err()).contains("ended after 1 changes, expected 2; nothing was kept");
        assertThat(folder.resolve("salvage-2.jsonl")).doesNotExist();
        assertThat(folder.resolve("salvage-2.jsonl.part")).doesNotExist();
    }

    @Test
    void theOtherVerbsFindTheFirstManagerOfTheClusterThatAnswers() throws IOException {
        // given: n1's manager is down, n2's is there
        int port = agent.getAddress().getPort();
        Files.writeString(folder.resolve("data/admin-password"), "secret\n");
        String members = "members=n1@127.0.0.1:8082:8081:8084:1,n2@127.0.0.1:8092:8091:8094:" + port;
        Files.writeString(folder.resolve("data/nodes/n1/agent.properties"), "node.id=n1\nhttp.port=1\n" + members);
        Path second = Files.createDirectories(folder.resolve("data/nodes/n2"));
        Files.writeString(second.resolve("agent.properties"), "node.id=n2\nhttp.port=1\n" + members);
        String list = "GET /api/v3.1/tenants";
        answers.put(list, "{\"items\": [{\"name\": \"acme\"}], \"metadata\": {}}");
        // when
        Ran ran = run("tenants", "list");
        // then
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("| acme");
        assertThat(requests).contains("GET /api/v3.1/ok").anyMatch(request -> request.startsWith(list));

        // when: it is gone, too
        agent.stop(0);
        Ran down = run("tenants", "list");
        // then
        assertThat(down.exitCode()).isEqualTo(8);
        assertThat(down.err())
                .contains(folder.resolve("data") + " holds a cluster of 2 nodes, and no manager of them answers")
                .contains("./holdfast up --nodes 2 --data ");
    }

    @Test
    void withoutAnAgentItSaysHowToStartOne() {
        // given
        agent.stop(0);
        // when, then
        Ran down = run("cluster", "status");
        assertThat(down.exitCode()).isEqualTo(8);
        assertThat(down.err()).contains("none of the 1 agents").contains("./holdfast up --nodes 1");
        StringWriter err = new StringWriter();
        int exitCode = Cli.run(
                new String[] {"cluster", "pause", "--agent", "http://127.0.0.1:9"},
                Map.of("HOME", folder.toString()),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true));
        assertThat(exitCode).isEqualTo(7);
        assertThat(err.toString()).contains("--key-file");
    }

    @Test
    void whatIsGivenWrongIsSaidOnceAndShort() {
        Ran key = run("cluster", "pause", "--key-file", "nosuch");
        assertThat(key.exitCode()).isEqualTo(2);
        assertThat(key.err()).isEqualTo("error: cannot read the cluster's key, nosuch: there is no such file\n");
        Ran last = run("cluster", "history", "--last", "-3");
        assertThat(last.exitCode()).isEqualTo(2);
        assertThat(last.err()).isEqualTo("error: --last is -3, expected a whole number, 0 or more\n");
        Ran limit = run("limits", "set", "--burst", "3");
        assertThat(limit.exitCode()).isEqualTo(2);
        assertThat(limit.err()).startsWith("error: a limit needs --max-running N or --starts-per-minute N");
        Ran deletion = run("executions", "delete");
        assertThat(deletion.exitCode()).isEqualTo(2);
        assertThat(deletion.err()).isEqualTo("error: say one of --keep-last N, --before TIME and --all\n");
        Ran secret = run("secrets", "create", "k", "--secret-string", "a", "--secret-file", "b");
        assertThat(secret.exitCode()).isEqualTo(2);
        assertThat(secret.err()).isEqualTo("error: say either --secret-string or --secret-file\n");
    }

    @Test
    void theSignatureIsTheOneThatAgentsCheck() throws IOException {
        // given: a vector that the agent's own test holds, too
        Path key = folder.resolve("key");
        Files.writeString(key, "0123456789abcdef0123456789abcdef\n");
        AgentClient client = new AgentClient(
                "http://127.0.0.1:" + agent.getAddress().getPort(),
                key,
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
        // when
        String signature = client.sign("POST", "/cluster/pause", "00112233445566778899aabbccddeeff", new byte[] {1, 2});
        // then
        assertThat(signature)
                .isEqualTo(
                        "t=1767225600,n=00112233445566778899aabbccddeeff,s=33b9efcc4b58c5d322064e6a8b46269b7d48a50755ce06935e2a3e6e0a25dd45");
    }
}
