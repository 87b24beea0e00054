package io.holdfast.restore.requests.remote;

import io.holdfast.http.InternalHttp;
import io.holdfast.restore.requests.MaintenanceGate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/** The cluster-service's gate: {@code POST /gate/enter} and {@code /gate/leave}. */
@ApplicationScoped
public class ClusterGate implements MaintenanceGate {

    private final InternalHttp http;

    ClusterGate(InternalHttp http) {
        this.http = http;
    }

    @Override
    public void enter(String restoreId, String requestedBy) {
        http.to("cluster").send("POST", "/gate/enter", body(restoreId, requestedBy));
    }

    @Override
    public void leave(String restoreId, String requestedBy) {
        http.to("cluster").send("POST", "/gate/leave", body(restoreId, requestedBy));
    }

    private static Map<String, String> body(String restoreId, String requestedBy) {
        return Map.of("reason", "snapshot restore " + restoreId, "requestedBy", requestedBy);
    }
}
