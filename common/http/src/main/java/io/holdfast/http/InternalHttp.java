package io.holdfast.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Calls from service to service: signed, HTTP/1.1, blocking (worker threads only). Answers of 400 and more come back as the
 * {@link ManagerException} that the other service threw; no answer is {@code service_unavailable_error}. Thread-safe.
 *
 * <p>{@code http.to("scheduler").get("/unfinished", type)} asks {@code GET <scheduler's url>/internal/scheduler/unfinished}.
 */
@ApplicationScoped
public class InternalHttp {

    /** A service of ours that has not accepted a connection by then is down. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Until the answer's head; bodies may take longer. Callers with slow questions ask {@link Service#timeout}. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** An error body is read into memory; one of ours is far smaller. */
    private static final int MAX_ERROR_BYTES = 64 * 1024;

    /** What a server answers to a path that it does not even read, of some thousand characters. */
    private static final int URI_TOO_LONG = 414;

    private final ServiceUrls urls;
    private final IdentitySigner signer;
    private final ObjectMapper json;
    private final Correlation correlation;
    private final Clock clock;
    private final String ownName;
    private final ExecutorService threads;
    private final HttpClient client;

    public InternalHttp(
            ServiceUrls urls,
            IdentitySigner signer,
            ObjectMapper json,
            Correlation correlation,
            Clock clock,
            @ConfigProperty(name = "quarkus.application.name", defaultValue = "service") String applicationName) {
        this.urls = urls;
        this.signer = signer;
        this.json = json;
        this.correlation = correlation;
        this.clock = clock;
        this.ownName = applicationName.replaceFirst("-service$", "");
        this.threads = Executors.newCachedThreadPool(InternalHttp::thread);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(threads)
                .build();
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "internal-http");
        thread.setDaemon(true);
        return thread;
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }

    /** A text as one segment of a path, whatever characters it has. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @param service short name: {@code scheduler}, {@code restore}, … Calls are made as this service, with all permissions. */
    public Service to(String service) {
        return new Service(service, null, "/internal/" + service, null, DEFAULT_TIMEOUT);
    }

    /** The same service of another node, whose manager has all services at one address. @param manager base URL */
    public Service at(URI manager, String service) {
        return new Service(
                service, manager.toString().replaceFirst("/+$", ""), "/internal/" + service, null, DEFAULT_TIMEOUT);
    }

    /** One service to call. Immutable. */
    public final class Service {

        private final String name;
        private final @Nullable String node;
        private final String base;
        private final @Nullable CallerIdentity caller;
        private final Duration timeout;

        private Service(
                String name, @Nullable String node, String base, @Nullable CallerIdentity caller, Duration timeout) {
            this.name = name;
            this.node = node;
            this.base = base;
            this.caller = caller;
            this.timeout = timeout;
        }

        /** Calls on behalf of this caller instead of as a service. */
        public Service as(CallerIdentity onBehalfOf) {
            return new Service(name, node, base, onBehalfOf, timeout);
        }

        /** @param untilAnswer time that the other service may take until its answer begins */
        public Service timeout(Duration untilAnswer) {
            return new Service(name, node, base, caller, untilAnswer);
        }

        /** Asks for what all services have from the same module, below {@code /internal/<resource>/<service>}. */
        public Service common(String resource) {
            return new Service(name, node, "/internal/" + resource + "/" + name, caller, timeout);
        }

        /** @param path below {@code /internal/<service>}, beginning with a slash, encoded; may carry a query */
        public <T> T get(String path, Class<T> type) {
            return read(exchange("GET", path, null), json.constructType(type));
        }

        public <T> T get(String path, TypeReference<T> type) {
            return read(exchange("GET", path, null), json.getTypeFactory().constructType(type));
        }

        /** Whether there is what a GET asks for: false where it is not found. */
        public boolean has(String path) {
            try {
                send("GET", path, null);
                return true;
            } catch (ManagerException e) {
                if (e.code() == ErrorCode.NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        }

        /** @param body anything that Jackson writes, or null for an empty body */
        public <T> T post(String path, @Nullable Object body, Class<T> type) {
            return read(exchange("POST", path, body), json.constructType(type));
        }

        public <T> T put(String path, @Nullable Object body, Class<T> type) {
            return read(exchange("PUT", path, body), json.constructType(type));
        }

        public <T> T patch(String path, @Nullable Object body, Class<T> type) {
            return read(exchange("PATCH", path, body), json.constructType(type));
        }

        /** Sends and forgets the answer's body; for answers without one. */
        public void send(String method, String path, @Nullable Object body) {
            exchange(method, path, body);
        }

        /** Sends JSON (or nothing) and hands back the whole answer below 400, with its status: for callers to whom 304 or 204 matter. */
        public HttpResponse<byte[]> exchange(String method, String path, @Nullable Object body) {
            BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(write(body));
            HttpResponse<byte[]> response = call(method, path, publisher, BodyHandlers.ofByteArray());
            if (response.statusCode() >= 400) {
                throw problem(response.statusCode(), response.body());
            }
            return response;
        }

        /**
         * Streams in both directions. The caller closes the answer's body.
         *
         * @param body sent as {@code application/json} like every request of the public API's clients; receivers of streams ignore it
         */
        public HttpResponse<InputStream> open(String method, String path, BodyPublisher body) {
            HttpResponse<InputStream> response = call(method, path, body, BodyHandlers.ofInputStream());
            if (response.statusCode() >= 400) {
                try (InputStream error = response.body()) {
                    throw problem(response.statusCode(), error.readNBytes(MAX_ERROR_BYTES));
                } catch (IOException e) {
                    throw unavailable(e);
                }
            }
            return response;
        }

        private <B> HttpResponse<B> call(
                String method, String path, BodyPublisher body, HttpResponse.BodyHandler<B> handler) {
            URI uri = URI.create(address() + base + path);
            CallerIdentity as = caller == null ? CallerIdentity.ofService(ownName, clock.instant()) : caller;
            IdentitySigner.Headers signed = signer.signNow(as, method, uri.getRawPath());
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .timeout(timeout)
                    .header("Content-Type", "application/json")
                    .header(IdentitySigner.IDENTITY_HEADER, signed.identity())
                    .header(IdentitySigner.SIGNATURE_HEADER, signed.signature())
                    .method(method, body);
            String correlationId = correlation.current();
            if (correlationId != null) {
                request.header(Correlation.HEADER, correlationId);
            }
            try {
                return client.send(request.build(), handler);
            } catch (IOException e) {
                throw unavailable(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unavailable(e);
            }
        }

        private String address() {
            return node == null ? urls.of(name) : node;
        }

        private ManagerException unavailable(Exception cause) {
            return new ManagerException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    name + "-service does not answer at " + address() + ": " + NoAnswer.why(cause),
                    "see whether it runs, and holdfast." + name + ".url",
                    cause);
        }

        private ManagerException problem(int status, byte[] body) {
            if (status == URI_TOO_LONG) {
                return new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the request names something by an id or name that is too long for anything to have it",
                        "name what is there");
            }
            try {
                JsonNode problem = json.readTree(body);
                if (problem != null && problem.hasNonNull("error_code")) {
                    String detail = problem.path("detail").asText("");
                    String wireCode = problem.get("error_code").asText();
                    for (ErrorCode code : ErrorCode.values()) {
                        if (code.wireCode().equals(wireCode)) {
                            return new ManagerException(code, detail.isEmpty() ? code.title() : detail, hint(problem));
                        }
                    }
                    // A node of a later version may know codes that this one does not; what kind of error it is the
                    // status says.
                    ErrorCode kind = ErrorCode.ofStatus(status);
                    return new ManagerException(
                            kind, detail.isEmpty() ? kind.title() + ": " + wireCode : detail, hint(problem));
                }
            } catch (IOException notJson) {
                // Then it is not one of our services; the answer below quotes it.
            }
            String text = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8);
            return new ManagerException(
                    ErrorCode.INTERNAL_SERVER, name + "-service answered " + status + ": " + text, null);
        }
    }

    private static @Nullable String hint(JsonNode problem) {
        return problem.hasNonNull("hint") ? problem.get("hint").asText() : null;
    }

    private <T> T read(HttpResponse<byte[]> response, JavaType type) {
        try {
            return json.readValue(response.body(), type);
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER,
                    response.uri().getPath() + " answered " + response.statusCode() + " with something unreadable",
                    null,
                    e);
        }
    }

    private byte[] write(Object body) {
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + body.getClass(), e);
        }
    }
}
