package io.holdfast.role;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks this node's agent for the role, again and again: the agent answers when it changes, and at the latest after a second. What it
 * said counts for the lease from the moment that it was asked.
 */
final class AgentLink implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AgentLink.class);

    private static final int WAIT_SECONDS = 1;
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMillis(1_500);

    /** Between two questions, should the agent not wait, or be away. */
    private static final long SHORTEST_TURN_MILLIS = 50;

    private static final long PAUSE_MILLIS = 100;

    private final URI agent;
    private final long leaseNanos;
    private final NodeRole role;
    private final ObjectMapper json;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final Thread thread = new Thread(this::run, "holdfast-role");
    private volatile boolean running = true;
    private @Nullable String version;

    AgentLink(URI agent, Duration lease, NodeRole role, ObjectMapper json) {
        if (lease.compareTo(Duration.ofSeconds(2L * WAIT_SECONDS)) < 0) {
            throw new IllegalArgumentException("holdfast.cluster.agent-lease is " + lease + "; expected at least "
                    + 2 * WAIT_SECONDS + " s, so that one late answer does not stop this manager's work");
        }
        this.agent = URI.create(agent.toString().replaceFirst("/+$", ""));
        this.leaseNanos = lease.toNanos();
        this.role = role;
        this.json = json;
        thread.setDaemon(true);
    }

    /** Asks once, so that the role is known as soon as it can be, then goes on in a thread of its own. */
    void start() {
        try {
            ask(false);
        } catch (IOException e) {
            LOG.warnf(
                    "The cluster agent at %s does not answer yet: %s. Until it does, this manager is not active",
                    agent, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        thread.start();
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
    }

    private void run() {
        boolean failing = false;
        try {
            while (running) {
                long began = System.nanoTime();
                try {
                    ask(true);
                    failing = false;
                } catch (IOException e) {
                    if (!failing) {
                        LOG.warnf("The cluster agent at %s does not answer: %s", agent, e);
                    }
                    failing = true;
                    version = null;
                    role.expire();
                    Thread.sleep(PAUSE_MILLIS);
                }
                long took = (System.nanoTime() - began) / 1_000_000;
                if (took < SHORTEST_TURN_MILLIS) {
                    Thread.sleep(SHORTEST_TURN_MILLIS - took);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("The agent is asked no more");
        }
    }

    private void ask(boolean waiting) throws IOException, InterruptedException {
        String since = version;
        String query = waiting && since != null ? "?wait=" + WAIT_SECONDS + "&since=" + since : "";
        HttpRequest request = HttpRequest.newBuilder(URI.create(agent + "/cluster/role" + query))
                .timeout(ANSWER_TIMEOUT)
                .build();
        long asked = System.nanoTime();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("expected status 200, got " + response.statusCode() + ": " + response.body());
        }
        JsonNode answer = read(response.body());
        version = answer.path("version").isMissingNode()
                ? null
                : answer.path("version").asText();
        role.learned(roleIn(answer), asked + leaseNanos);
    }

    private JsonNode read(String body) throws IOException {
        try {
            return json.readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException("expected JSON, got: " + body, e);
        }
    }

    static Role roleIn(JsonNode answer) throws IOException {
        JsonNode role = answer.path("role");
        JsonNode epoch = answer.path("epoch");
        if (!role.isTextual() || !epoch.canConvertToLong()) {
            throw new IOException("expected a role and an epoch, got: " + answer);
        }
        boolean active =
                role.asText().equals("ACTIVE") && answer.path("lease_valid").asBoolean();
        String url = textOf(answer, "manager_url");
        try {
            return new Role(
                    active,
                    epoch.asLong(),
                    textOf(answer, "active"),
                    url == null ? null : URI.create(url.replaceFirst("/+$", "")));
        } catch (IllegalArgumentException e) {
            throw new IOException("expected an epoch and a URL, got: " + answer, e);
        }
    }

    private static @Nullable String textOf(JsonNode answer, String name) {
        String text = answer.path(name).asText("");
        return text.isEmpty() || text.equals("null") ? null : text;
    }
}
