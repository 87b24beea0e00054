package io.holdfast.gateway.manager.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.gateway.manager.DatabaseProbe;
import io.holdfast.gateway.manager.Health;
import io.holdfast.gateway.manager.Part;
import io.holdfast.http.ServiceUrls;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Asks every process of the manager for its readiness, all at once, and remembers the answer for a moment. */
@ApplicationScoped
public class FindHealth {

    /** Short name by the name that people see, in the order of the status. */
    private static final Map<String, String> SERVICES = services();

    private final ManagerConfig config;
    private final ServiceUrls urls;
    private final DatabaseProbe database;
    private final ObjectMapper json;
    private final Clock clock;
    private final HttpClient client;
    private volatile @Nullable Known known;

    public FindHealth(ManagerConfig config, ServiceUrls urls, DatabaseProbe database, ObjectMapper json, Clock clock) {
        this.config = config;
        this.urls = urls;
        this.database = database;
        this.json = json;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.healthTimeout())
                .build();
    }

    private record Known(Health health, Instant until) {}

    /** One process's answer. {@code broker} is whether it has its broker, as far as it says. */
    private record Readiness(boolean up, boolean broker) {}

    private static Map<String, String> services() {
        Map<String, String> services = new LinkedHashMap<>();
        services.put("Gateway", "gateway");
        services.put("Inventory", "inventory");
        services.put("Scheduler", "scheduler");
        services.put("Snapshots", "snapshot");
        services.put("Restores", "restore");
        services.put("Cluster", "cluster");
        services.put("Workflows", "workflow");
        return services;
    }

    public Health now() {
        Instant now = clock.instant();
        Known last = known;
        if (last != null && now.isBefore(last.until())) {
            return last.health();
        }
        Health found = find();
        known = new Known(found, clock.instant().plus(config.healthKnownFor()));
        return found;
    }

    private Health find() {
        Map<String, CompletableFuture<Readiness>> asked = new LinkedHashMap<>();
        SERVICES.values().forEach(service -> asked.computeIfAbsent(urls.of(service), this::ask));
        boolean databaseAnswers = database.answers();
        List<Part> parts = new ArrayList<>();
        boolean broker = true;
        for (Map.Entry<String, String> service : SERVICES.entrySet()) {
            Readiness readiness = asked.get(urls.of(service.getValue())).join();
            parts.add(new Part(service.getKey(), "holdfast-" + service.getValue(), readiness.up()));
            broker &= readiness.broker();
        }
        return new Health(
                new Part("PostgreSQL", "postgresql", databaseAnswers),
                new Part("RabbitMQ", "rabbitmq-server", broker),
                parts);
    }

    private CompletableFuture<Readiness> ask(String base) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/q/health/ready"))
                .timeout(config.healthTimeout())
                .GET()
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(this::read)
                // A process that does not answer says nothing about the broker.
                .exceptionally(unreachable -> new Readiness(false, true));
    }

    private Readiness read(HttpResponse<String> response) {
        boolean broker = true;
        try {
            for (JsonNode check : json.readTree(response.body()).path("checks")) {
                String name = check.path("name").asText().toLowerCase(Locale.ROOT);
                if (name.contains("messaging") || name.contains("broker")) {
                    broker &= check.path("status").asText().equals("UP");
                }
            }
        } catch (JsonProcessingException e) {
            return new Readiness(response.statusCode() == 200, true);
        }
        return new Readiness(response.statusCode() == 200, broker);
    }
}
