package io.holdfast.testsupport.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.testsupport.faults.NetworkLaboratory.Host;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Our own: an agent on each node, which has a PostgreSQL below it. Speaks what is documented: files, HTTP, signatures. */
public final class HoldfastCluster extends FaultyCluster {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PEER_PORT = 7400;
    private static final int HTTP_PORT = 7401;
    private static final int ROUTER_PORT = 6432;
    private static final int POSTGRES_PORT = 5432;
    private static final String DATABASE = "holdfast";
    private static final String REPLICATION = "holdfast_replication";
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final Duration OPERATION = Duration.ofSeconds(60);

    private final String agentClassPath;
    private final List<String> settings;
    private final Path postgresBin;
    private final Set<String> witnesses;
    private final String secret;
    private final StatusQuestion question = new StatusQuestion();

    /**
     * @param agentClassPath where {@code io.holdfast.cluster.agent.AgentMain} is
     * @param settings further lines of {@code agent.properties}, as longer time-outs for a slow machine
     * @param postgresBin directory of PostgreSQL's programs
     */
    public HoldfastCluster(
            NetworkLaboratory laboratory,
            Path folder,
            String agentClassPath,
            List<String> settings,
            Path postgresBin,
            boolean smallDisks) {
        this(laboratory, folder, agentClassPath, settings, postgresBin, smallDisks, Set.of());
    }

    /**
     * The same with nodes that only vote.
     *
     * @param witnesses names of those machines; not the first one's
     */
    public HoldfastCluster(
            NetworkLaboratory laboratory,
            Path folder,
            String agentClassPath,
            List<String> settings,
            Path postgresBin,
            boolean smallDisks,
            Set<String> witnesses) {
        super(laboratory, folder, smallDisks);
        this.agentClassPath = agentClassPath;
        this.settings = List.copyOf(settings);
        this.postgresBin = postgresBin;
        this.witnesses = Set.copyOf(witnesses);
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        this.secret = HexFormat.of().formatHex(bytes);
    }

    @Override
    public void start() throws IOException, InterruptedException {
        List<Host> nodes = laboratory().hosts();
        for (Host node : nodes) {
            makeDirectory(node);
            Path key = directory(node).resolve("cluster.key");
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, secret + "\n");
            Files.writeString(directory(node).resolve("agent.properties"), configuration(node));
        }
        makeClassArchive();
        for (Host node : nodes) {
            startNode(node);
        }
        await(
                "three agents have become a cluster; logs are below " + folder(),
                PATIENCE,
                () -> isSettled() && allVote());
    }

    /** As {@code ./holdfast up --nodes} does. Java makes none of classes in directories, and agents start without. */
    private void makeClassArchive() throws IOException, InterruptedException {
        for (String entry : agentClassPath.split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(entry))) {
                return;
            }
        }
        Files.createDirectories(folder().resolve("log"));
        List<String> command = agentCommand("-XX:ArchiveClassesAtExit=" + classArchive());
        command.add("--rehearse");
        Process rehearsal = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder().resolve("log").resolve("rehearsal.out").toFile())
                .start();
        if (!rehearsal.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            rehearsal.destroyForcibly();
            throw new IOException("the rehearsal has not ended within " + PATIENCE + ": " + command);
        }
    }

    private Path classArchive() {
        return folder().resolve("agent.jsa");
    }

    private List<String> agentCommand(String archiveOption) {
        List<String> command = new ArrayList<>(List.of(Commands.java()));
        command.addAll(JAVA_OPTIONS);
        command.addAll(List.of(archiveOption, "-cp", agentClassPath, "io.holdfast.cluster.agent.AgentMain"));
        return command;
    }

    private String configuration(Host node) {
        List<String> members = laboratory().hosts().stream()
                .map(host -> host.name() + "@" + host.address() + ":" + PEER_PORT + ":" + HTTP_PORT + ":"
                        + (isWitness(host) ? 0 : POSTGRES_PORT) + ":0")
                .toList();
        return """
                node.id=%s
                cluster.name=laboratory
                listen.host=%s
                members=%s
                router.port=%d
                postgres.bin=%s
                bootstrap=%s
                %s
                """.formatted(
                        node.name(),
                        node.address(),
                        String.join(",", members),
                        ROUTER_PORT,
                        postgresBin,
                        node.equals(laboratory().hosts().get(0)),
                        String.join("\n", settings));
    }

    @Override
    protected List<Process> startSupervisors(Host node) throws IOException {
        List<String> command = agentCommand("-XX:SharedArchiveFile=" + classArchive());
        command.addAll(
                List.of("--config", directory(node).resolve("agent.properties").toString()));
        return List.of(startOn(node, "agent", command, Map.of()));
    }

    @Override
    protected List<Long> agents(Host node) throws IOException {
        return laboratory().processes(node).stream()
                .filter(pid -> Commands.commandLine(pid).contains("io.holdfast.cluster.agent.AgentMain"))
                .toList();
    }

    @Override
    public boolean isActive(Host node) {
        return question.get(url(node) + "/active").status() == 200;
    }

    @Override
    public boolean isStreaming(Host node) {
        return question.get(url(node) + "/standby").status() == 200;
    }

    @Override
    protected boolean isWitness(Host node) {
        return witnesses.contains(node.name());
    }

    /** With a witness also that the data nodes are known to be in sync: before that the loss of the active one stops writes by design. */
    @Override
    public boolean isSettled() {
        return super.isSettled() && (witnesses.isEmpty() || allVote());
    }

    private boolean allVote() {
        Optional<Host> active = active();
        if (active.isEmpty()) {
            return false;
        }
        int whole = 0;
        for (JsonNode member : json(url(active.get()) + "/cluster/status").path("members")) {
            boolean inSync = member.path("kind").asText().equals("WITNESS")
                    ? member.path("state").asText().equals("voting")
                    : member.path("in_sync").asBoolean();
            whole += member.path("voting").asBoolean() && inSync ? 1 : 0;
        }
        return whole == laboratory().hosts().size();
    }

    @Override
    public long epoch() {
        return active().map(
                        node -> json(url(node) + "/cluster/role").path("epoch").asLong())
                .orElse(0L);
    }

    private JsonNode json(String url) {
        try {
            return JSON.readTree(question.get(url).body());
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode(); // no answer: the text says why, but is no JSON
        }
    }

    private static String url(Host node) {
        return "http://" + node.address() + ":" + HTTP_PORT;
    }

    @Override
    public String jdbcUrl(Host node) {
        return jdbcUrl(node, DATABASE);
    }

    private String jdbcUrl(Host node, String role) {
        return "jdbc:postgresql://" + node.address() + ":" + POSTGRES_PORT + "/" + DATABASE + "?user=" + role
                + "&password=" + password(role);
    }

    /** Through the router of its own node. */
    @Override
    protected List<String> clientTargets(Host beside) {
        List<String> targets = new ArrayList<>();
        targets.add(String.join(
                "|",
                beside.name(),
                beside.address(),
                "",
                "jdbc:postgresql://127.0.0.1:" + ROUTER_PORT + "/" + DATABASE + "?user=" + DATABASE + "&password="
                        + password(DATABASE)));
        targets.addAll(followerTargets());
        return targets;
    }

    @Override
    protected List<String> followerTargets() {
        return dataNodes().stream()
                .map(host -> String.join("|", host.name(), host.address(), url(host) + "/active", jdbcUrl(host)))
                .toList();
    }

    @Override
    public void switchOver(Host target) throws IOException, InterruptedException {
        Host from = active().orElseThrow(() -> new IOException("there is no active node to switch over from"));
        String path = "/cluster/switchover";
        String body = "{\"target\":\"" + target.name() + "\"}";
        StatusQuestion.Answer answer = question.send(HttpRequest.newBuilder(URI.create(url(from) + path))
                .timeout(OPERATION)
                .header("Content-Type", "application/json")
                .header("Holdfast-Signature", signature("POST", path, body))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
        if (answer.status() != 200) {
            throw new IOException("the switchover to " + target.name() + " was refused: " + answer);
        }
    }

    @Override
    public List<String> salvaged() throws IOException {
        Host node = active().orElseThrow(() -> new IOException("there is no active node to ask for the salvage"));
        try (Connection connection = DriverManager.getConnection(jdbcUrl(node, REPLICATION));
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery("SELECT c ->> 'value' FROM holdfast_ha.salvage_change,"
                        + " jsonb_array_elements(after) c WHERE schema = 'faults' AND relation = 'writes'"
                        + " AND c ->> 'name' = 'value'")) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IOException("the salvage on " + node.name() + " cannot be read", e);
        }
    }

    /** Of a role of the cluster: derived from the cluster's key, so that it is the same on all nodes. */
    private String password(String role) {
        return HexFormat.of().formatHex(hmac(bytes(secret), bytes("password of the role " + role)), 0, 16);
    }

    private String signature(String method, String path, String body) {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        String seconds = Long.toString(InstantSource.system().instant().getEpochSecond());
        String text = String.join(
                "\n",
                method,
                path,
                seconds,
                HexFormat.of().formatHex(nonce),
                HexFormat.of().formatHex(sha256(body)));
        byte[] signature = hmac(hmac(bytes(secret), bytes("operations")), bytes(text));
        return "t=" + seconds + ",n=" + HexFormat.of().formatHex(nonce) + ",s="
                + HexFormat.of().formatHex(signature);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
