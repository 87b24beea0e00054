package io.holdfast.scheduler.reading.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.reading.app.DeploymentGroupMembers;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Asks the inventory, as the caller. */
@Singleton
class InventoryGroupMembers implements DeploymentGroupMembers {

    private final InternalHttp http;

    InventoryGroupMembers(InternalHttp http) {
        this.http = http;
    }

    @Override
    public List<String> of(String groupId, CallerIdentity caller) {
        String id = InternalHttp.segment(groupId);
        JsonNode group = http.to("inventory")
                .as(caller)
                .get("/deployment-groups/" + id + "?_include=deployment_ids", JsonNode.class);
        List<String> ids = new ArrayList<>();
        group.path("deployment_ids").forEach(deployment -> ids.add(deployment.asText()));
        return ids;
    }
}
