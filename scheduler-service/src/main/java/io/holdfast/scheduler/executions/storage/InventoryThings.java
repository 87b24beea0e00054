package io.holdfast.scheduler.executions.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.InternalHttp;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the inventory-service finds for the caller. */
final class InventoryThings implements NamedThings {

    private static final String DEPLOYMENT = "deployment_id";

    private final InternalHttp.Service inventory;
    private final String ownDeployment;

    /** @param ownDeployment of which values name things whose constraints say no other place */
    InventoryThings(InternalHttp.Service inventory, String ownDeployment) {
        this.inventory = inventory;
        this.ownDeployment = ownDeployment;
    }

    @Override
    public boolean has(String type, Object name, Map<String, Object> constraints) {
        Map<String, Object> placed = new LinkedHashMap<>(constraints);
        if (OF_DEPLOYMENTS.contains(type) && !constraints.containsKey("blueprint_id")) {
            placed.putIfAbsent(DEPLOYMENT, ownDeployment);
        }
        return inventory
                .post("/things", Map.of("type", type, "name", name, "constraints", placed), JsonNode.class)
                .path("there")
                .asBoolean();
    }
}
