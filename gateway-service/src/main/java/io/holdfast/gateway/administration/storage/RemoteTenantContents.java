package io.holdfast.gateway.administration.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.gateway.administration.TenantContents;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts by the services' own lists. A service that does not answer fails the question: nobody may conclude "empty" from silence. */
@ApplicationScoped
public class RemoteTenantContents implements TenantContents {

    private record Held(String service, List<String> lists) {}

    private static final List<Held> HELD = List.of(
            new Held(
                    "inventory",
                    List.of(
                            "blueprints",
                            "deployments",
                            "plugins",
                            "secrets",
                            "sites",
                            "deployment-groups",
                            "secrets-providers")),
            new Held("scheduler", List.of("execution-schedules")),
            // Also those that are being made.
            new Held("snapshot", List.of("snapshots", "log-bundles")));

    /** Services with what goes when a tenant goes. */
    private static final List<String> FORGETTING = List.of("inventory", "scheduler");

    /** There may be many events. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final InternalHttp http;
    private final Clock clock;

    public RemoteTenantContents(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Map<String, Long> of(String tenant) {
        Map<String, Long> contents = new LinkedHashMap<>();
        String filter = "?_size=0&tenant_name=" + URLEncoder.encode(tenant, StandardCharsets.UTF_8);
        CallerIdentity gateway =
                CallerIdentity.ofService("gateway", clock.instant()).in(tenant);
        for (Held held : HELD) {
            for (String list : held.lists()) {
                long count = http.to(held.service())
                        .as(gateway)
                        .get("/" + list + filter, JsonNode.class)
                        .path("metadata")
                        .path("pagination")
                        .path("total")
                        .asLong();
                if (count > 0) {
                    contents.put(list, count);
                }
            }
        }
        return contents;
    }

    @Override
    public void forget(String tenant) {
        for (String service : FORGETTING) {
            http.to(service).timeout(PATIENCE).send("DELETE", "/tenants/" + InternalHttp.segment(tenant), null);
        }
    }
}
