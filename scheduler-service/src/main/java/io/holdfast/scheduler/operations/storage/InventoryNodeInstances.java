package io.holdfast.scheduler.operations.storage;

import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.operations.app.NodeInstances;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** Tells the inventory, as this service. */
@Singleton
class InventoryNodeInstances implements NodeInstances {

    private final InternalHttp http;
    private final Clock clock;

    InventoryNodeInstances(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public void state(String tenantName, String id, String state) {
        http.to("inventory")
                .as(CallerIdentity.ofService(SchedulerMessaging.SERVICE, clock.instant())
                        .in(tenantName))
                .send(
                        "PATCH",
                        "/node-instances/" + InternalHttp.segment(id) + "?force=true&reached=true",
                        Map.of("version", 1, "state", state));
    }
}
