package io.holdfast.testsupport.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.testsupport.faults.NetworkLaboratory.Host;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The peer: Patroni with an etcd member on each node, of the system's packages. */
public final class PatroniCluster extends FaultyCluster {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String USER = "postgres";
    private static final String PASSWORD = "peer";
    private static final String DATABASE = "postgres";

    private final Settings settings;
    private final Path postgresBin;
    private final StatusQuestion question = new StatusQuestion();

    /** How Patroni is set up. */
    public enum Settings {
        /** As it comes, with synchronous replication. */
        DEFAULT(30, 10, 10, true),
        /** Below the minima that its documentation names. */
        TUNED(5, 1, 2, true),
        /** As it comes: asynchronous. */
        ASYNC(30, 10, 10, false);

        private final int ttl;
        private final int loopWait;
        private final int retryTimeout;
        private final boolean synchronous;

        Settings(int ttl, int loopWait, int retryTimeout, boolean synchronous) {
            this.ttl = ttl;
            this.loopWait = loopWait;
            this.retryTimeout = retryTimeout;
            this.synchronous = synchronous;
        }
    }

    /** @param postgresBin directory of PostgreSQL's programs */
    public PatroniCluster(
            NetworkLaboratory laboratory, Path folder, Path postgresBin, Settings settings, boolean smallDisks) {
        super(laboratory, folder, smallDisks);
        this.postgresBin = postgresBin;
        this.settings = settings;
    }

    /** What this machine lacks for it, in words. */
    public static Optional<String> missing() throws InterruptedException {
        List<String> packages = new ArrayList<>();
        if (!Commands.works("sh", "-c", "command -v patroni")) {
            packages.add("patroni");
        }
        if (!Commands.works("sh", "-c", "command -v etcd")) {
            packages.add("etcd-server");
        }
        return packages.isEmpty()
                ? Optional.empty()
                : Optional.of("the peer is not installed (Debian: apt-get install " + String.join(" ", packages) + ")");
    }

    @Override
    public void start() throws IOException, InterruptedException {
        for (Host node : laboratory().hosts()) {
            makeDirectory(node);
            Path directory = directory(node);
            Files.createDirectories(directory.resolve("etcd"));
            Files.createDirectories(directory.resolve("run"));
            Files.writeString(directory.resolve("patroni.yml"), configuration(node));
            Commands.run("chown", "-R", USER, directory.toString());
        }
        for (Host node : laboratory().hosts()) {
            startNode(node);
        }
        await("Patroni has its first cluster; logs are below " + folder(), PATIENCE, this::isSettled);
        if (settings.synchronous) {
            await("Patroni has a synchronous standby", PATIENCE, this::hasSynchronousStandby);
        }
    }

    private String configuration(Host node) {
        String etcd = laboratory().hosts().stream()
                .map(host -> host.address() + ":2379")
                .reduce((left, right) -> left + "," + right)
                .orElseThrow();
        return """
                scope: peer
                name: %s
                restapi:
                  listen: 0.0.0.0:8008
                  connect_address: %s:8008
                etcd3:
                  hosts: %s
                bootstrap:
                  dcs:
                    ttl: %d
                    loop_wait: %d
                    retry_timeout: %d
                    maximum_lag_on_failover: 1048576
                    master_start_timeout: %d
                    synchronous_mode: %s
                    postgresql:
                      use_pg_rewind: true
                  initdb:
                    - encoding: UTF8
                    - data-checksums
                  pg_hba:
                    - host all all 0.0.0.0/0 md5
                    - host replication all 0.0.0.0/0 md5
                postgresql:
                  listen: 0.0.0.0:5432
                  connect_address: %s:5432
                  data_dir: %s
                  bin_dir: %s
                  pgpass: %s
                  parameters:
                    unix_socket_directories: %s
                  authentication:
                    superuser: {username: %s, password: %s}
                    replication: {username: replicator, password: %s}
                    rewind: {username: rewinder, password: %s}
                """.formatted(
                        node.name(),
                        node.address(),
                        etcd,
                        settings.ttl,
                        settings.loopWait,
                        settings.retryTimeout,
                        settings == Settings.TUNED ? 0 : 300,
                        settings.synchronous,
                        node.address(),
                        directory(node).resolve("pgdata"),
                        postgresBin,
                        directory(node).resolve("pgpass"),
                        directory(node).resolve("run"),
                        USER,
                        PASSWORD,
                        PASSWORD,
                        PASSWORD);
    }

    @Override
    protected List<Process> startSupervisors(Host node) throws IOException, InterruptedException {
        String members = laboratory().hosts().stream()
                .map(host -> host.name() + "=http://" + host.address() + ":2380")
                .reduce((left, right) -> left + "," + right)
                .orElseThrow();
        boolean tuned = settings == Settings.TUNED;
        Process etcd = startOn(
                node,
                "etcd",
                asUser(
                        "etcd",
                        "--name=" + node.name(),
                        "--data-dir=" + directory(node).resolve("etcd"),
                        "--listen-client-urls=http://0.0.0.0:2379",
                        "--advertise-client-urls=http://" + node.address() + ":2379",
                        "--listen-peer-urls=http://0.0.0.0:2380",
                        "--initial-advertise-peer-urls=http://" + node.address() + ":2380",
                        "--initial-cluster=" + members,
                        "--heartbeat-interval=" + (tuned ? 50 : 100),
                        "--election-timeout=" + (tuned ? 500 : 1000)),
                Map.of());
        Process patroni = startOn(
                node,
                "patroni",
                asUser("patroni", directory(node).resolve("patroni.yml").toString()),
                Map.of());
        return List.of(etcd, patroni);
    }

    private static List<String> asUser(String... command) {
        List<String> all = new ArrayList<>(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups"));
        all.addAll(List.of(command));
        return all;
    }

    @Override
    protected List<Long> agents(Host node) throws IOException {
        return laboratory().processes(node).stream()
                .filter(pid -> Commands.commandLine(pid).contains("patroni.yml"))
                .toList();
    }

    @Override
    public boolean isActive(Host node) {
        return question.get(url(node) + "/primary").status() == 200;
    }

    @Override
    public boolean isStreaming(Host node) {
        if (question.get(url(node) + "/replica").status() != 200) {
            return false;
        }
        for (Host other : laboratory().hosts()) {
            for (JsonNode standby : state(other).path("replication")) {
                if (standby.path("application_name").asText().equals(node.name())
                        && standby.path("state").asText().equals("streaming")) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasSynchronousStandby() {
        for (Host node : laboratory().hosts()) {
            for (JsonNode standby : state(node).path("replication")) {
                if (standby.path("sync_state").asText().equals("sync")) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public long epoch() {
        return laboratory().hosts().stream()
                .filter(this::isActive)
                .mapToLong(node -> state(node).path("timeline").asLong())
                .max()
                .orElse(0);
    }

    private JsonNode state(Host node) {
        try {
            return JSON.readTree(question.get(url(node) + "/patroni").body());
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // no answer: the text says why, but is no JSON
        }
    }

    private static String url(Host node) {
        return "http://" + node.address() + ":8008";
    }

    @Override
    public String jdbcUrl(Host node) {
        return "jdbc:postgresql://" + node.address() + ":5432/" + DATABASE + "?user=" + USER + "&password=" + PASSWORD;
    }

    /** Each asks its own node first; so a cut off one writes to its own database as long as that says to be the primary. */
    @Override
    protected List<String> clientTargets(Host beside) {
        return followerTargets();
    }

    @Override
    protected List<String> followerTargets() {
        return laboratory().hosts().stream()
                .map(host -> String.join("|", host.name(), host.address(), url(host) + "/primary", jdbcUrl(host)))
                .toList();
    }

    /** To whom it likes: it takes one of its synchronous standbys, and refuses any other that is asked for. */
    @Override
    public void switchOver(Host target) throws IOException, InterruptedException {
        Host from = active().orElseThrow(() -> new IOException("there is no primary to switch over from"));
        String body = "{\"leader\": \"" + from.name() + "\"}";
        StatusQuestion.Answer answer = question.send(HttpRequest.newBuilder(URI.create(url(from) + "/switchover"))
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        if (answer.status() != 200) {
            throw new IOException("Patroni refuses to switch over from " + from.name() + ": " + answer);
        }
    }

    /** It keeps nothing: what a rejoined node had and nobody else is erased. */
    @Override
    public List<String> salvaged() {
        return List.of();
    }
}
