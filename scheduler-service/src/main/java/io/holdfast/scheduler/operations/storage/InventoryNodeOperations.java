package io.holdfast.scheduler.operations.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.SentFields;
import io.holdfast.scheduler.operations.app.NodeOperations;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the inventory, on behalf of the caller. */
@Singleton
class InventoryNodeOperations implements NodeOperations {

    private static final String TARGET = "target_operations";

    private final InternalHttp http;

    InventoryNodeOperations(InternalHttp http) {
        this.http = http;
    }

    @Override
    public Optional<Declared> find(
            String deploymentId,
            String nodeId,
            String operation,
            @Nullable Relationship relationship,
            CallerIdentity caller) {
        InternalHttp.Service inventory = http.to("inventory").as(caller);
        String deployment = InternalHttp.segment(deploymentId);
        // For its refusal: a list of nodes of no deployment is empty.
        inventory.get("/deployments/" + deployment + "?_include=id", JsonNode.class);
        JsonNode node = inventory
                .get("/nodes?deployment_id=" + deployment + "&id=" + InternalHttp.segment(nodeId), JsonNode.class)
                .path("items")
                .path(0);
        if (node.isMissingNode()) {
            throw missing("Requested `Node` with ID `" + nodeId + "` was not found");
        }
        String of = nodeId;
        JsonNode operations = node.path("operations");
        if (relationship != null) {
            JsonNode declared = node.path("relationships").path(relationship.index());
            if (declared.isMissingNode()) {
                throw missing("Node `" + nodeId + "` has no relationship with the index " + relationship.index());
            }
            operations = declared.path(relationship.side());
            // Its worker runs it for the other node.
            of = relationship.side().equals(TARGET) ? declared.path("target_id").asText(nodeId) : nodeId;
        }
        JsonNode inputs = operations.path(operation).path("inputs");
        return inputs.isObject() ? Optional.of(new Declared(of, SentFields.written(inputs, "{}"))) : Optional.empty();
    }

    private static ManagerException missing(String detail) {
        return new ManagerException(ErrorCode.NOT_FOUND, detail, null);
    }
}
