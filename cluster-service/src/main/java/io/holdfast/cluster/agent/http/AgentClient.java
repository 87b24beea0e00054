package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.cluster.agent.MemberAddress;
import io.holdfast.cluster.agent.RequestSignature;
import java.io.IOException;
import java.io.InputStream;
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

    private final RequestSignature signature;

    /**
     * Made with the first question, and shared: it loads all there is for TLS, which takes an agent longer than the rest of its start.
     */
    private static final class Http {
        static final HttpClient CLIENT = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

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
        return Http.CLIENT
                .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
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
        HttpResponse<byte[]> answer = send(to, method, path, body, limit, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(answer.statusCode(), answer.body());
    }

    /** Hands a download on as it comes, or the refusal of it. @param limit until it begins */
    AgentHttp.Reply download(MemberAddress from, String path, Duration limit) throws InterruptedException {
        HttpResponse<InputStream> answer =
                send(from, "GET", path, new byte[0], limit, HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() == 200) {
            String type = answer.headers().firstValue("Content-Type").orElse("application/octet-stream");
            return new AgentHttp.Download(type, out -> {
                try (InputStream in = answer.body()) {
                    in.transferTo(out);
                }
            });
        }
        try (InputStream in = answer.body()) {
            return new AgentHttp.Answer(
                    answer.statusCode(),
                    Json.read(in.readAllBytes()).orElseThrow(() -> unreachable(from, "it answered no JSON")));
        } catch (IOException e) {
            LOG.debugf(e, "GET %s at %s", path, from);
            throw unreachable(from, e.toString());
        }
    }

    private <T> HttpResponse<T> send(
            MemberAddress to,
            String method,
            String path,
            byte[] body,
            Duration limit,
            HttpResponse.BodyHandler<T> handler)
            throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(to.httpUrl() + path))
                .timeout(limit)
                .header(RequestSignature.HEADER, signature.sign(method, path, body))
                .header(FORWARDED, "1")
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            return Http.CLIENT.send(request, handler);
        } catch (IOException e) {
            LOG.debugf(e, "%s %s at %s", method, path, to);
            throw unreachable(to, e.toString());
        }
    }

    private static Problem unreachable(MemberAddress to, String why) {
        return new Problem(
                502,
                "agent_unreachable",
                "the agent of " + to.id() + " at " + to.httpUrl() + " does not answer: " + why,
                "see whether it runs: curl " + to.httpUrl()
                        + "/health; then ask again, what was asked may have been done");
    }
}
