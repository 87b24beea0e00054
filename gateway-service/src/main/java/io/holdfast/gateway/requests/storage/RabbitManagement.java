package io.holdfast.gateway.requests.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.Event;
import io.holdfast.gateway.requests.BrokerUsers;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.ProducerRights;
import io.holdfast.messaging.BrokerAddress;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ's management plugin over HTTP. Users that we made carry a tag of ours; others we do not touch. Where the management URL
 * names no user, the one of the broker's URL is taken; it must be an administrator.
 */
@ApplicationScoped
@Priority(2)
public class RabbitManagement implements BrokerUsers {

    /** Says who made a user; gives it no right at the management plugin. */
    private static final String TAG = "holdfast-producer";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Optional<URI> url;
    private final BrokerAddress broker;
    private final ObjectMapper json;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    public RabbitManagement(
            @ConfigProperty(name = "holdfast.broker.management-url") Optional<URI> url,
            @ConfigProperty(name = "holdfast.broker.url", defaultValue = BrokerAddress.DEFAULT_URL) String brokerUrl,
            ObjectMapper json) {
        this.url = url;
        this.broker = BrokerAddress.parse(brokerUrl);
        this.json = json;
    }

    @Override
    public boolean isResponsible() {
        return url.isPresent();
    }

    @Override
    public String name() {
        return "management";
    }

    @Override
    public List<String> put(Producer producer, String password) {
        String user = encoded(producer.brokerUser());
        refuseToTouchOthers(producer);
        ProducerRights rights = ProducerRights.of(producer);
        String host = encoded(broker.virtualHost());
        putPassword(user, password);
        send(
                "PUT",
                "permissions/" + host + "/" + user,
                Map.of("configure", rights.queues(), "write", rights.write(), "read", rights.queues()));
        send(
                "PUT",
                "topic-permissions/" + host + "/" + user,
                Map.of("exchange", Event.REQUESTS, "write", rights.topic(), "read", ProducerRights.NOTHING));
        send("PUT", "user-limits/" + user + "/max-connections", Map.of("value", ProducerRights.MOST_CONNECTIONS));
        send("PUT", "user-limits/" + user + "/max-channels", Map.of("value", ProducerRights.MOST_CHANNELS));
        return List.of();
    }

    @Override
    public List<String> changePassword(Producer producer, String password) {
        // All of it again: a broker that lost its data is set right by this, too.
        return put(producer, password);
    }

    @Override
    public List<String> remove(Producer producer) {
        if (find(producer).isPresent()) {
            refuseToTouchOthers(producer);
            send("DELETE", "users/" + encoded(producer.brokerUser()), null);
        }
        return List.of();
    }

    private void putPassword(String user, String password) {
        send("PUT", "users/" + user, Map.of("password", password, "tags", TAG));
    }

    private void refuseToTouchOthers(Producer producer) {
        find(producer)
                .filter(user -> !user.path("tags").toString().contains(TAG))
                .ifPresent(user -> {
                    throw new ManagerException(
                            ErrorCode.CONFLICT,
                            "the broker has a user `" + producer.brokerUser() + "` that is no producer of ours",
                            "choose another client id, or remove that user from the broker");
                });
    }

    private Optional<JsonNode> find(Producer producer) {
        HttpResponse<byte[]> answer = exchange("GET", "users/" + encoded(producer.brokerUser()), null);
        if (answer.statusCode() == 404) {
            return Optional.empty();
        }
        check(answer, "GET users");
        try {
            return Optional.of(json.readTree(answer.body()));
        } catch (IOException e) {
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER, "RabbitMQ's management plugin answered something unreadable", null, e);
        }
    }

    private void send(String method, String path, @Nullable Map<String, ?> body) {
        check(exchange(method, path, body), method + " " + path);
    }

    private void check(HttpResponse<byte[]> answer, String what) {
        int status = answer.statusCode();
        if (status < 400) {
            return;
        }
        boolean isRight = status == 401 || status == 403;
        throw new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "RabbitMQ's management plugin at " + address() + " answered " + status + " to " + what,
                isRight
                        ? "the user of holdfast.broker.management-url must have the tag administrator"
                        : "see holdfast.broker.management-url, and the broker's log");
    }

    private HttpResponse<byte[]> exchange(String method, String path, @Nullable Map<String, ?> body) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address() + "/api/" + path))
                    .timeout(TIMEOUT)
                    .header("Authorization", authorization())
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                    .build();
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private ManagerException unreachable(Exception cause) {
        return new ManagerException(
                ErrorCode.SERVICE_UNAVAILABLE,
                "RabbitMQ's management plugin does not answer at " + address(),
                "see holdfast.broker.management-url; without it the commands for rabbitmqctl are printed instead",
                cause);
    }

    /** Without user and password, and without a slash at its end. */
    private String address() {
        URI uri = url.orElseThrow(() -> new IllegalStateException("no management URL"));
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
    }

    private String authorization() {
        String given = url.map(URI::getRawUserInfo).orElse(null);
        String credentials = given == null
                ? broker.username() + ":" + broker.password()
                : URLDecoder.decode(given.replace("+", "%2B"), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
