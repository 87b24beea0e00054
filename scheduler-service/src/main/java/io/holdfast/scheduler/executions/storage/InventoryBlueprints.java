package io.holdfast.scheduler.executions.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.executions.Blueprints;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Asks and tells the inventory-service, as this service. */
@ApplicationScoped
class InventoryBlueprints implements Blueprints {

    private final InternalHttp http;
    private final Clock clock;

    InventoryBlueprints(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Optional<Upload> upload(String tenantName, String blueprintId) {
        try {
            JsonNode answer = inventory(tenantName).get(path(blueprintId), JsonNode.class);
            return Optional.of(new Upload(answer.path("id").textValue()));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND || e.code() == ErrorCode.ILLEGAL_ACTION) {
                // None, or the global one of another tenant, which this tenant's executions have not uploaded.
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void uploadedBy(String tenantName, String blueprintId, String executionId) {
        inventory(tenantName).send("PUT", path(blueprintId), Map.of("id", executionId));
    }

    private InternalHttp.Service inventory(String tenantName) {
        return http.to("inventory")
                .as(CallerIdentity.ofService(SchedulerMessaging.SERVICE, clock.instant())
                        .in(tenantName));
    }

    private static String path(String blueprintId) {
        return "/blueprints/" + InternalHttp.segment(blueprintId) + "/upload-execution";
    }
}
