package io.holdfast.cluster.node.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.cluster.agent.ClusterKey;
import io.holdfast.cluster.agent.RequestSignature;
import io.holdfast.cluster.node.AgentOperations;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.role.ClusterConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** This node's cluster agent over its HTTP. */
@ApplicationScoped
class Agent implements AgentOperations {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** The agent asks the others before it answers. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** The agent answers an operation when it is done, at the latest after 40 s. */
    private static final Duration OPERATION = Duration.ofSeconds(60);

    private final Optional<URI> base;
    private final Optional<RequestSignature> signature;
    private final ObjectMapper json;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    Agent(ClusterConfig config, ObjectMapper json, Clock clock) {
        this.base = config.agentUrl().map(url -> URI.create(url.toString().replaceFirst("/+$", "")));
        this.signature = config.keyFile().map(file -> new RequestSignature(ClusterKey.read(file), clock));
        this.json = json;
    }

    boolean isThere() {
        return base.isPresent();
    }

    /** @param path with its query */
    JsonNode get(String path) {
        HttpResponse<byte[]> answer =
                send(HttpRequest.newBuilder(url(path)).timeout(LOOK).build());
        if (answer.statusCode() != 200) {
            throw away("answers GET " + path + " with status " + answer.statusCode());
        }
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw away("answers GET " + path + " without JSON");
        }
    }

    @Override
    public Answer carryOut(String method, String path, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(path))
                .timeout(OPERATION)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        RequestSignature signer = signature.orElseThrow(() -> new ManagerException(
                ErrorCode.CONFLICT,
                "this manager has no key to sign an operation of the cluster with",
                "set holdfast.cluster.key-file to the node's cluster.key, or use `holdfast cluster` on the node"));
        HttpResponse<byte[]> answer = send(request.header(RequestSignature.HEADER, signer.sign(method, path, body))
                .build());
        return new Answer(
                answer.statusCode(),
                answer.headers().firstValue("Content-Type").orElse("application/json"),
                answer.body());
    }

    private URI url(String path) {
        return URI.create(base.orElseThrow(() -> new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "this manager is not part of a cluster with agents",
                        "start nodes with `holdfast up --nodes 3`, or set holdfast.cluster.agent-url"))
                + path);
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw away("does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away("was not waited for, as this manager ends");
        }
    }

    private ManagerException away(String what) {
        return new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "the cluster agent at " + base.map(URI::toString).orElse("-") + " " + what,
                "see whether it runs on this node; managers work on without it for no longer than its lease");
    }
}
