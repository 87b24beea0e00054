package io.holdfast.snapshot;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The restore-service, as far as it is asked which restores run. */
@Path("/internal/restore/running")
@Produces(MediaType.APPLICATION_JSON)
public class RestoreStandIn {

    static final List<Map<String, String>> RUNNING = new CopyOnWriteArrayList<>();

    @GET
    public Map<String, List<Map<String, String>>> list() {
        return Map.of("items", RUNNING);
    }
}
