package io.holdfast.gateway.replay.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.replay.PublishedEvents;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** By the resource that every service has from its messaging, on behalf of the caller. */
@ApplicationScoped
public class RemotePublishedEvents implements PublishedEvents {

    private static final List<String> SERVICES =
            List.of("gateway", "inventory", "scheduler", "snapshot", "restore", "cluster", "workflow");

    /** Enough for the most events at once on a slow broker. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final InternalHttp http;
    private final CurrentCaller current;

    public RemotePublishedEvents(InternalHttp http, CurrentCaller current) {
        this.http = http;
        this.current = current;
    }

    @Override
    public List<String> services() {
        return SERVICES;
    }

    @Override
    public long count(String service, Map<String, String> filter) {
        try {
            return to(service)
                    .post("/replay/count", filter, JsonNode.class)
                    .path("count")
                    .asLong();
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND && e.detail().startsWith("there is no service")) {
                // A service that keeps no messages.
                return 0;
            }
            throw e;
        }
    }

    @Override
    public Outcome publish(String service, Map<String, String> filter) {
        JsonNode answer = to(service).post("/replay", filter, JsonNode.class);
        return new Outcome(
                answer.path("published").asLong(), answer.path("refused").asLong());
    }

    private InternalHttp.Service to(String service) {
        return http.to(service).common("messaging").as(current.identity()).timeout(PATIENCE);
    }
}
