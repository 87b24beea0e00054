package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.testsupport.Requirements;
import io.holdfast.testsupport.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * What an operator types when nodes are lost, as {@code docs/cluster.md} says it, and clicks to switch over: the three nodes of one {@code
 * ./holdfast up --nodes 3}, which are lost at the end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterOperationsE2E {

    private static final String PASSWORD = "e2e-password";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int REFUSED = 4;
    private static final int NOT_FOUND = 3;
    private static final String OWN = "/api/holdfast/v1";
    private static final String CLUSTER = OWN + "/cluster/";

    private Path data;

    private record Ran(int exitCode, String output) {}

    @BeforeAll
    void start() throws IOException {
        Requirements.postgres();
        Path parent = TestFiles.directory("operations");
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        data = parent.resolve("data");
        int port = 21_000 + (int) (ProcessHandle.current().pid() % 200) * 40;
        assertThat(holdfast("up", "--nodes", "3", "--port", Integer.toString(port))
                        .exitCode())
                .isZero();
        // something to keep
        assertThat(api("n1").post("/api/v3.1/tenants/kept", "{}").status()).isEqualTo(201);
        api("n1").createSnapshot("latest-state");
    }

    @AfterAll
    void end() throws Exception {
        if (data != null) {
            kill(data.toString());
            TestFiles.delete(data.getParent());
        }
    }

    @Test
    @Order(1)
    void aPersonSeesTheClusterAndSwitchesOverOnItsPage() throws IOException {
        Browser.require();
        awaitHealthy();
        String former = status().path("active").asText();
        String target = former.equals("n2") ? "n1" : "n2";
        try (Browser browser = Browser.start(url(target), Files.createDirectory(data.resolveSibling("browser")))) {
            browser.open("/ui/cluster");
            browser.logIn("admin", PASSWORD);
            browser.awaitText("Active node\n" + former, "3 of 3 answer, 2 are needed", "Why it is so");
            assertThat(browser.barriers()).isEmpty();
            // when
            browser.clickButton("Switch over …");
            browser.click("//select[@name='target']/option[normalize-space()='" + target + "']");
            browser.click("//dialog//button[normalize-space()='Switch over']");
            // then
            browser.awaitText("Another node is active.", "Active node\n" + target);
            assertThat(status().path("active").asText()).isEqualTo(target);

            browser.clickButton("Pause elections …");
            browser.clickButton("Pause elections");
            browser.awaitText("Elections are paused.", "elections are paused");
            assertThat(status().path("state").asText()).isEqualTo("paused");
            browser.clickButton("Resume elections …");
            browser.clickButton("Resume elections");
            browser.awaitText("Elections are on.", "healthy");
        }
        awaitHealthy();
    }

    /** The operations that {@link ClientVerbsE2E} cannot ask a manager on its own for. */
    @Test
    @Order(2)
    void whatTheApiAnswersIsWhatItsDescriptionSays() throws IOException {
        awaitHealthy();
        String active = status().path("active").asText();
        String standby = active.equals("n1") ? "n2" : "n1";
        Api api = api(standby);
        ApiDocument document = new ApiDocument(api.getOk(OWN + "/openapi.json"));
        Set<String> differences = new LinkedHashSet<>();
        // when, then: what is done
        for (String look : List.of("status", "role", "node", "history", "explain", "salvage")) {
            sent(document, "GET", look, "", api.get(CLUSTER + look), 200, differences);
        }
        for (int again = 0; again < 3; again++) { // the next one waits until the one before is stored
            sent(document, "POST", "pause", "", api.post(CLUSTER + "pause", ""), 200, differences);
            sent(document, "POST", "resume", "", api.post(CLUSTER + "resume", ""), 200, differences);
        }
        String target = "{\"target\": \"" + standby + "\"}";
        sent(document, "POST", "switchover", target, api.post(CLUSTER + "switchover", target), 200, differences);
        awaitHealthy();
        String reinit = "{\"node\": \"" + active + "\"}";
        sent(document, "POST", "reinit", reinit, api.post(CLUSTER + "reinit", reinit), 200, differences);
        awaitHealthy();
        // when, then: what is refused
        String unknown = "{\"target\": \"n9\", \"node\": \"n9\"}";
        for (String operation : List.of("switchover", "leave", "reinit", "failover")) {
            Api.Answer answer = api.post(CLUSTER + operation, unknown);
            sent(document, "POST", operation, "", answer, 404, differences);
            assertThat(answer.json().path("detail").asText())
                    .isEqualTo("there is no member n9; the members are [n1, n2, n3]");
        }
        sent(document, "POST", "failover", "", api.post(CLUSTER + "failover", ""), 409, differences);
        sent(document, "POST", "join", "", api.post(CLUSTER + "join", "{\"node\": \"n9\"}"), 400, differences);
        sent(document, "POST", "pause", "", api.post(CLUSTER + "pause", "[1"), 200, differences);
        sent(document, "POST", "resume", "", api.post(CLUSTER + "resume", ""), 200, differences);
        sent(document, "GET", "salvage/99", "", api.get(CLUSTER + "salvage/99"), 404, differences);
        sent(document, "GET", "salvage/99/export", "", api.get(CLUSTER + "salvage/99/export"), 404, differences);
        sent(document, "POST", "salvage/99/apply", "", api.post(CLUSTER + "salvage/99/apply", ""), 404, differences);
        sent(
                document,
                "POST",
                "salvage/99/discard",
                "",
                api.post(CLUSTER + "salvage/99/discard", ""),
                404,
                differences);
        Api stranger = api.as("nobody", "wrong");
        sent(document, "GET", "status", "", stranger.get(CLUSTER + "status"), 401, differences);
        sent(document, "POST", "pause", "", stranger.post(CLUSTER + "pause", ""), 401, differences);
        assertThat(differences).isEmpty();
    }

    /** @param request a body that proves how requests look, or nothing */
    private static void sent(
            ApiDocument document,
            String method,
            String operation,
            String request,
            Api.Answer answer,
            int expected,
            Set<String> differences)
            throws IOException {
        assertThat(answer.status())
                .as(method + " " + operation + ": " + answer.body())
                .isEqualTo(expected);
        ObjectNode exchange = Api.JSON
                .createObjectNode()
                .put("method", method)
                .put("path", CLUSTER + operation)
                .put("status", answer.status())
                .put("type", answer.raw().headers().firstValue("Content-Type").orElse(""))
                .put("length", answer.body().length());
        exchange.set("answer", answer.json());
        if (!request.isEmpty()) {
            exchange.set("request", Api.JSON.readTree(request));
        }
        differences.addAll(document.differences(exchange));
    }

    @Test
    @Order(3)
    void theCommandLineFindsTheManagersByTheDirectory() {
        Ran listed = holdfast("tenants", "list");
        assertThat(listed.exitCode()).as(listed.output()).isZero();
        assertThat(listed.output()).contains("| kept");
        Ran unknown = holdfast("cluster", "switchover", "--target", "n9");
        assertThat(unknown.exitCode()).as(unknown.output()).isEqualTo(NOT_FOUND);
        assertThat(unknown.output()).contains("there is no member n9; the members are [n1, n2, n3]");
        assertThat(holdfast("cluster", "history", "--last", "0").output()).doesNotContain("RejoinReport[", "Notice[");
    }

    @Test
    @Order(4)
    void aLostNodeIsReplacedByAFreshOne() throws Exception {
        awaitHealthy();
        replaceOneNode();
    }

    @Test
    @Order(1)
    void whatAClusterCannotDoIsRefusedAndNotLeftOut() throws IOException {
        String ports = url("n1").replaceFirst(".*:", "") + " " + url("n2").replaceFirst(".*:", "");
        for (List<String> more : List.of(
                List.of("--port", "9999", "have the ports " + ports),
                List.of("--broker", "amqp://u:p@127.0.0.1/v", "--broker does not go with --nodes"),
                List.of("--database", "jdbc:postgresql://127.0.0.1/d", "--database does not go with --nodes"))) {
            Ran ran = holdfast("up", "--nodes", "3", more.get(0), more.get(1));
            assertThat(ran.exitCode()).as(ran.output()).isEqualTo(2);
            assertThat(ran.output()).contains(more.get(2));
        }
        Ran same = holdfast("up", "--nodes", "3", "--port", url("n1").replaceFirst(".*:", ""));
        assertThat(same.exitCode()).as(same.output()).isZero();
    }

    @Test
    @Order(5)
    void aLostClusterIsRebuiltFromItsLatestSnapshot() throws Exception {
        List<String> keys = keys();
        // when: the cluster serves
        Ran serves = holdfast("cluster", "rebuild", "--snapshot", "latest");
        // then
        assertThat(serves.exitCode()).as(serves.output()).isEqualTo(REFUSED);
        assertThat(serves.output()).contains("the cluster serves: healthy, active is ");

        // when: every process is lost, but no disk
        kill(data.toString());
        Ran newer = holdfast("cluster", "rebuild", "--snapshot", "latest");
        // then: nothing was touched
        assertThat(newer.exitCode()).as(newer.output()).isEqualTo(REFUSED);
        assertThat(newer.output()).contains("holds data newer than the snapshot", "cluster failover --target n1");
        assertThat(node("n1").resolve("pgdata/global/pg_control")).exists();

        // when: the disks are lost, too: of two nodes the database, of one everything
        for (String id : List.of("n1", "n2")) {
            TestFiles.delete(node(id).resolve("pgdata"));
            TestFiles.delete(node(id).resolve("state"));
        }
        TestFiles.delete(node("n3"));
        Ran rebuilt = holdfast("cluster", "rebuild", "--snapshot", "latest");
        // then: the same nodes with the same keys have the snapshot's state
        assertThat(rebuilt.exitCode()).as(rebuilt.output()).isZero();
        assertThat(rebuilt.output()).contains("The cluster is rebuilt from latest-state");
        assertThat(keys()).isEqualTo(keys);
        awaitHealthy();
        for (String id : List.of("n1", "n2", "n3")) {
            Awaitility.await("the tenant at " + id)
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    api(id).get("/api/v3.1/tenants/kept").status())
                            .isEqualTo(200));
        }
        assertThat(entries(node("n1"))).anyMatch(name -> name.startsWith("before-"));
    }

    /** Remove it, put a fresh machine in its place, join it: by the command line alone. */
    private void replaceOneNode() throws Exception {
        // n1 has the snapshot, whoever is active now
        Awaitility.await("a copy of the archive at n1")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(node("n1").resolve("manager/archives/default_tenant/latest-state.zip"))
                        .exists());
        if (status().path("active").asText().equals("n3")) {
            assertThat(holdfast("cluster", "switchover", "--target", "n1").exitCode())
                    .isZero();
        }
        // given: a machine that is lost with all it had
        kill(node("n3").toString());
        for (String name : entries(node("n3"))) {
            if (!Set.of("agent.properties", "cluster.key").contains(name)) {
                TestFiles.delete(node("n3").resolve(name));
            }
        }
        assertThat(holdfast("cluster", "status").exitCode()).as("degraded").isEqualTo(10);
        Awaitility.await("n3 being seen no more")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lastSeen("n3"))
                        .matches(text -> !text.isEmpty()
                                && Instant.parse(text).plusSeconds(5).isBefore(Instant.parse(lastSeen("n1")))));
        // when
        Ran left = holdfast("cluster", "leave", "n3");
        assertThat(left.exitCode()).as(left.output()).isZero();
        Awaitility.await("two members")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status().path("members")).hasSize(2));
        startAgent(node("n3"));
        String url = "http://127.0.0.1:" + setting("n3", "http.port");
        Awaitility.await("the fresh agent")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                holdfast("cluster", "list", "--agent", url).exitCode())
                        .isZero());
        Ran joined = holdfast(
                "cluster",
                "join",
                "--agent",
                url,
                "--key-file",
                node("n3").resolve("cluster.key").toString());
        // then: it is copied, streams, and votes
        assertThat(joined.exitCode()).as(joined.output()).isZero();
        awaitHealthy();
        JsonNode fresh = status().path("members").path(2);
        assertThat(fresh.path("id").asText()).isEqualTo("n3");
        assertThat(fresh.path("voting").asBoolean()).isTrue();
        assertThat(fresh.path("state").asText()).isEqualTo("streaming");
    }

    /** Empty where nobody knows. */
    private String lastSeen(String id) {
        try {
            JsonNode managers =
                    api("n1").get("/api/v3.1/managers?hostname=" + id).json();
            return managers.path("items").path(0).path("last_seen").asText("");
        } catch (IOException e) {
            throw new AssertionError("no managers", e);
        }
    }

    private void awaitHealthy() {
        Awaitility.await("a healthy cluster of three")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    JsonNode status = status();
                    assertThat(status.path("state").asText())
                            .as(status.toString())
                            .isEqualTo("healthy");
                    assertThat(status.path("members")).hasSize(3);
                });
    }

    private JsonNode status() {
        Ran ran = holdfast("cluster", "status", "--json");
        try {
            return Api.JSON.readTree(ran.output());
        } catch (IOException e) {
            throw new AssertionError("no status: " + ran.output(), e);
        }
    }

    private Api api(String id) throws IOException {
        return Api.at(url(id), "admin", PASSWORD);
    }

    private String url(String id) throws IOException {
        String members = setting(id, "members");
        for (String member : members.split(",")) {
            if (member.startsWith(id + "@")) {
                return "http://127.0.0.1:" + member.substring(member.lastIndexOf(':') + 1);
            }
        }
        throw new AssertionError(id + " is not among " + members);
    }

    private Path node(String id) {
        return data.resolve("nodes").resolve(id);
    }

    private String setting(String id, String key) throws IOException {
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(node(id).resolve("agent.properties"))) {
            properties.load(reader);
        }
        return properties.getProperty(key);
    }

    private List<String> keys() throws IOException {
        return List.of(
                Files.readString(data.resolve("secret-key")),
                Files.readString(data.resolve("admin-password")),
                Files.readString(node("n1").resolve("cluster.key")),
                Files.readString(node("n3").resolve("cluster.key")));
    }

    private static List<String> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static void startAgent(Path node) throws IOException {
        Path libraries = Repository.root().resolve("standalone/target/quarkus-app/lib");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        libraries.resolve("main/*") + ":" + libraries.resolve("boot/*"),
                        "io.holdfast.cluster.agent.AgentMain",
                        "--config",
                        node.resolve("agent.properties").toString())
                .redirectErrorStream(true)
                .redirectOutput(node.resolve("console.log").toFile())
                .start();
    }

    private Ran holdfast(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Repository.root().resolve("holdfast").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--data", data.toString()));
        try {
            Path output = Files.createTempFile("holdfast-e2e", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("HOLDFAST_ADMIN_PASSWORD", PASSWORD);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE.multipliedBy(2).toMinutes(), TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end:\n" + Files.readString(output));
            }
            String text = Files.readString(output);
            Files.delete(output);
            return new Ran(process.exitValue(), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Every process that works below this directory, with SIGKILL. */
    private static void kill(String directory) {
        List<ProcessHandle> ours = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> commandLine(process).contains(directory + "/"))
                .forEach(process -> {
                    ours.add(process);
                    process.descendants().forEach(ours::add);
                });
        ours.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : ours) {
            process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                            .replace('\0', ' ')
                    + " ";
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }
}
