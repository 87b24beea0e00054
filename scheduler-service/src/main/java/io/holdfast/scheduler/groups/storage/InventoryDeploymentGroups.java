package io.holdfast.scheduler.groups.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.groups.app.DeploymentGroups;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the inventory, as the caller. */
@Singleton
class InventoryDeploymentGroups implements DeploymentGroups {

    private final InternalHttp http;

    private final Clock clock;

    InventoryDeploymentGroups(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public void extend(String tenantName, String id, String deploymentId) {
        http.to("inventory")
                .as(CallerIdentity.ofService(SchedulerMessaging.SERVICE, clock.instant())
                        .in(tenantName))
                .patch(
                        "/deployment-groups/" + InternalHttp.segment(id),
                        Map.of("add", Map.of("deployment_ids", List.of(deploymentId))),
                        JsonNode.class);
    }

    @Override
    public Facts get(String id, CallerIdentity caller) {
        JsonNode group =
                http.to("inventory").as(caller).get("/deployment-groups/" + InternalHttp.segment(id), JsonNode.class);
        List<String> ids = new ArrayList<>();
        group.path("deployment_ids").forEach(deployment -> ids.add(deployment.asText()));
        return new Facts(group.path("visibility").asText("tenant"), ids);
    }
}
