package io.holdfast.cli;

import java.io.IOException;
import java.io.Reader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which agent a cluster verb asks. In this order: {@code --agent}, {@code HOLDFAST_AGENT}, the first that answers of the nodes that
 * {@code ./holdfast up --nodes} runs below the data directory.
 */
final class ClusterTarget {

    private ClusterTarget() {}

    /** @param data of the local stack, or null where none was asked for */
    static AgentClient agent(
            @Nullable String url, @Nullable Path keyFile, @Nullable Path data, Map<String, String> environment) {
        Clock clock = Clock.systemUTC();
        String asked = url == null && data == null ? environment.get("HOLDFAST_AGENT") : url;
        Path key = keyFile;
        if (key == null && environment.get("HOLDFAST_CLUSTER_KEY_FILE") != null) {
            key = Path.of(environment.get("HOLDFAST_CLUSTER_KEY_FILE"));
        }
        Path root = data == null ? Target.defaultData(environment) : data;
        List<Node> nodes = nodes(root.resolve("nodes"));
        if (asked != null && !asked.isBlank()) {
            if (key == null) {
                for (Node node : nodes) {
                    if (node.url().equals(asked)) {
                        key = node.key();
                    }
                }
            }
            return new AgentClient(asked, key, clock);
        }
        if (nodes.isEmpty()) {
            throw new CliFailure(
                    ExitCode.UNREACHABLE,
                    "no cluster runs on " + root
                            + "\n"
                            + "start one with ./holdfast up --nodes 3, or say where an agent is with --agent URL or"
                            + " HOLDFAST_AGENT");
        }
        for (Node node : nodes) {
            AgentClient client = new AgentClient(node.url(), key == null ? node.key() : key, clock);
            if (client.answers()) {
                return client;
            }
        }
        throw new CliFailure(
                ExitCode.UNREACHABLE,
                "none of the " + nodes.size() + " agents below " + root.resolve("nodes")
                        + " answers\nstart them with ./holdfast up --nodes " + nodes.size());
    }

    /**
     * The first manager that answers of the nodes that {@code ./holdfast up --nodes} runs below the data directory: each hands requests on
     * to the active one.
     *
     * @return its URL
     */
    static String manager(Path data) {
        List<Node> nodes = nodes(data.resolve("nodes"));
        for (Node node : nodes) {
            if (node.manager() != null && answers(node.manager())) {
                return node.manager();
            }
        }
        throw new CliFailure(
                ExitCode.UNREACHABLE,
                data + " holds a cluster of " + nodes.size() + " nodes, and no manager of them answers\n"
                        + "see ./holdfast cluster status --data " + data + ", start them with ./holdfast up --nodes "
                        + nodes.size() + " --data " + data + ", or say where a manager is with --url or HOLDFAST_URL");
    }

    private static boolean answers(String manager) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(manager + "/api/v3.1/ok").toURL().openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(5_000);
            try {
                return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false; // the next one may
        }
    }

    /** @param manager its URL; null where none runs on the node */
    private record Node(String url, Path key, @Nullable String manager) {}

    /** From {@code members}, which are {@code ID@HOST:PEERPORT:HTTPPORT:POSTGRESPORT:MANAGERPORT}. */
    private static @Nullable String managerOf(String node, String members) {
        for (String member : members.split(",")) {
            String text = member.strip();
            String[] ports = text.split(":");
            if (text.startsWith(node + "@") && ports.length >= 5 && !ports[ports.length - 1].equals("0")) {
                String host = String.join(":", Arrays.copyOfRange(ports, 0, ports.length - 4))
                        .substring(node.length() + 1);
                return "http://" + host + ":" + ports[ports.length - 1];
            }
        }
        return null;
    }

    private static List<Node> nodes(Path directory) {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
                for (Path child : children) {
                    Path file = child.resolve("agent.properties");
                    if (Files.isReadable(file)) {
                        files.add(file);
                    }
                }
            } catch (IOException e) {
                throw new CliFailure(ExitCode.FAILED, "cannot list " + directory + ": " + e.getMessage(), e);
            }
        }
        Collections.sort(files);
        List<Node> nodes = new ArrayList<>();
        for (Path file : files) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CliFailure(ExitCode.FAILED, "cannot read " + file + ": " + e.getMessage(), e);
            }
            String host = properties.getProperty("listen.host", "127.0.0.1").strip();
            String port = properties.getProperty("http.port", "").strip();
            if (!port.isEmpty()) {
                String key =
                        properties.getProperty("secret.file", "cluster.key").strip();
                nodes.add(new Node(
                        "http://" + host + ":" + port,
                        file.resolveSibling(key),
                        managerOf(
                                properties.getProperty("node.id", "").strip(), properties.getProperty("members", ""))));
            }
        }
        return nodes;
    }
}
