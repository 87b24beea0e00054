package io.holdfast.scheduler.groups.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.groups.app.DeploymentGroups;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Asks the inventory, as the caller. */
@Singleton
class InventoryDeploymentGroups implements DeploymentGroups {

    private final InternalHttp http;

    InventoryDeploymentGroups(InternalHttp http) {
        this.http = http;
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
