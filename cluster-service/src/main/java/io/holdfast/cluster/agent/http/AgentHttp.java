package io.holdfast.cluster.agent.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.holdfast.cluster.agent.AgentRefused;
import io.holdfast.cluster.agent.RequestSignature;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The agent's HTTP. Looking is free; what changes something, or shows rows of the database, needs the cluster's key (see {@link
 * RequestSignature}) or, from this machine, the node's operator token as a bearer token.
 */
public final class AgentHttp implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AgentHttp.class);
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int MAX_THREADS = 64;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Operations operations;
    private final RequestSignature signature;
    private final String operatorToken;

    /** What a request asks for. */
    record Request(
            String method,
            String path,
            String pathAndQuery,
            Map<String, String> query,
            byte[] body,
            boolean forwarded) {

        String number(String name, String otherwise) {
            String value = query.getOrDefault(name, otherwise);
            if (!value.matches("\\d{1,18}")) {
                throw Problem.badRequest(name + " is " + value, "give a number, at least 0");
            }
            return value;
        }
    }

    /** What an operation comes to. */
    sealed interface Reply {}

    /** @param status HTTP status */
    record Answer(int status, JsonNode body) implements Reply {
        static Answer ok(JsonNode body) {
            return new Answer(200, body);
        }
    }

    /**
     * Content of any length, status 200, written while it is sent. If it breaks off, the client must see that by the content: the end
     * of the answer looks the same.
     */
    record Download(String contentType, Content content) implements Reply {}

    /** Writes a download. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Listens at once, answers after {@link #start()}. @param operatorToken of requests from this machine */
    public AgentHttp(InetSocketAddress bind, Operations operations, RequestSignature signature, String operatorToken) {
        this.operations = operations;
        this.signature = signature;
        this.operatorToken = operatorToken;
        this.threads = new ThreadPoolExecutor(4, MAX_THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, "http");
            thread.setDaemon(true);
            return thread;
        });
        try {
            this.server = HttpServer.create(bind, 128);
        } catch (IOException e) {
            throw new AgentRefused(
                    "cannot listen for operations on " + bind + ": " + e.getMessage()
                            + "; end what uses the port, or change http.port here and in members of all nodes",
                    e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
    }

    public void start() {
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                Reply reply = reply(exchange);
                if (reply instanceof Download download) {
                    send(exchange, download);
                    return;
                }
                answer = (Answer) reply;
            } catch (Problem problem) {
                answer = answer(problem);
            } catch (ManagerException e) {
                answer = answer(new Problem(
                        e.code().httpStatus(), e.code().wireCode(), e.detail(), e.hint() == null ? "" : e.hint()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                answer = answer(new Problem(503, "shutting_down", "the agent ends", "ask another node"));
            } catch (RuntimeException e) {
                LOG.errorf(e, "%s %s failed", exchange.getRequestMethod(), exchange.getRequestURI());
                answer = answer(new Problem(
                        500, "internal_server_error", "the agent failed at this: " + e, "its log has the cause"));
            }
            byte[] body = Json.bytes(answer.body());
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            answer.status() < 400 || !answer.body().has("detail")
                                    ? "application/json"
                                    : "application/problem+json");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(answer.status(), -1);
                return;
            }
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private static void send(HttpExchange exchange, Download download) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", download.contentType());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            download.content().writeTo(out);
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "%s %s broke off", exchange.getRequestMethod(), exchange.getRequestURI());
        }
    }

    private static Answer answer(Problem problem) {
        ObjectNode body = Json.object();
        body.put("type", "about:blank");
        body.put("title", problem.code().replace('_', ' '));
        body.put("status", problem.status());
        body.put("detail", problem.getMessage());
        body.put("hint", problem.hint());
        body.put("error_code", problem.code());
        return new Answer(problem.status(), body);
    }

    private Reply reply(HttpExchange exchange) throws IOException, InterruptedException {
        Request request = request(exchange);
        Optional<Operations.Operation> found = operations.find(request.method(), request.path());
        if (found.isEmpty()) {
            throw new Problem(
                    404,
                    "not_found_error",
                    "there is no " + request.method() + " " + request.path(),
                    "there are " + operations.names());
        }
        Operations.Operation operation = found.get();
        if (operation.needsKey()) {
            authenticate(exchange, request);
        }
        return operation.carryOut(request);
    }

    private void authenticate(HttpExchange exchange, Request request) {
        String signed = exchange.getRequestHeaders().getFirst(RequestSignature.HEADER);
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        if (signed != null) {
            Optional<String> refusal =
                    signature.refusal(request.method(), request.pathAndQuery(), request.body(), signed);
            if (refusal.isPresent()) {
                throw new Problem(
                        401,
                        "unauthorized_error",
                        refusal.get(),
                        "sign with the key of this cluster, NODE/cluster.key");
            }
            return;
        }
        if (bearer != null && exchange.getRemoteAddress().getAddress().isLoopbackAddress()) {
            byte[] given = bearer.getBytes(StandardCharsets.UTF_8);
            byte[] expected = ("Bearer " + operatorToken).getBytes(StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(given, expected)) {
                return;
            }
            throw new Problem(
                    401,
                    "unauthorized_error",
                    "the bearer token is not the one of this node",
                    "it is in NODE/operator-token of the node that is asked, and it is new at each start of the agent");
        }
        throw new Problem(
                401,
                "unauthorized_error",
                "the operation is neither signed (" + RequestSignature.HEADER
                        + ") nor from this machine with the operator token",
                "run holdfast cluster … on a node, or with --key-file");
    }

    private static Request request(HttpExchange exchange) throws IOException {
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_BODY_BYTES + 1);
        }
        if (body.length > MAX_BODY_BYTES) {
            throw new Problem(
                    413, "bad_parameters_error", "the body has more than " + MAX_BODY_BYTES + " bytes", "send less");
        }
        String path = exchange.getRequestURI().getPath();
        String rawQuery = exchange.getRequestURI().getRawQuery();
        Map<String, String> query = new HashMap<>();
        if (rawQuery != null) {
            for (String pair : rawQuery.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.put(decoded(name), decoded(value));
            }
        }
        String method = exchange.getRequestMethod();
        return new Request(
                method.equals("HEAD") ? "GET" : method,
                path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
                exchange.getRequestURI().toString(),
                query,
                body,
                exchange.getRequestHeaders().containsKey(AgentClient.FORWARDED));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.badRequest(
                    "the query has a broken escape: " + text, "write % followed by two hexadecimal digits");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
