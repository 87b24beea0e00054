package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.RequestSignature;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/** Asks other agents, signed with the cluster's key. Thread-safe. */
final class AgentClient {

    /** Marks what an agent handed on, so that it is not handed on again. */
    static final String FORWARDED = "Holdfast-Forwarded";

    private static final Logger LOG = Logger.getLogger(AgentClient.class);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final RequestSignature signature;

    AgentClient(RequestSignature signature) {
        this.signature = signature;
    }

    /** An answer as it came. */
    record Answer(int status, byte[] body) {}

    /** What a node says of itself; empty if it does not within {@code limit}. */
    CompletableFuture<Optional<JsonNode>> node(MemberAddress member, Duration limit) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(member.httpUrl() + "/cluster/node"))
                .timeout(limit)
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> answer.statusCode() == 200 ? Json.read(answer.body()) : Optional.<JsonNode>empty())
                .completeOnTimeout(Optional.empty(), limit.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    LOG.debugf(failure, "%s does not say how it is", member);
                    return Optional.empty();
                });
    }

    /** Hands an operation on. */
    Answer forward(MemberAddress to, String method, String path, byte[] body, Duration limit)
            throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(to.httpUrl() + path))
                .timeout(limit)
                .header(RequestSignature.HEADER, signature.sign(method, path, body))
                .header(FORWARDED, "1")
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer.body());
        } catch (IOException e) {
            LOG.debugf(e, "%s %s at %s", method, path, to);
            throw new Problem(
                    502,
                    "agent_unreachable",
                    "the agent of " + to.id() + " at " + to.httpUrl() + " does not answer: " + e,
                    "see whether it runs: curl " + to.httpUrl()
                            + "/health; then ask again, what was asked may have been done");
        }
    }
}
