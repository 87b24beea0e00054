package io.holdfast.gateway.authentication.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.authentication.Dispatches;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.InternalHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Asks the scheduler-service, with every request of a worker: an answer that is kept would outlive the execution. */
@ApplicationScoped
class SchedulerDispatches implements Dispatches {

    /** A request waits for it before anything else is done. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final InternalHttp http;
    private final Clock clock;

    SchedulerDispatches(InternalHttp http, Clock clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public Optional<Dispatch> find(String tenantName, String executionId) {
        CallerIdentity gateway =
                CallerIdentity.ofService("gateway", clock.instant()).in(tenantName);
        String id = InternalHttp.segment(executionId);
        try {
            JsonNode found =
                    http.to("scheduler").as(gateway).timeout(PATIENCE).get("/dispatches/" + id, JsonNode.class);
            return found.hasNonNull("token")
                    ? Optional.of(new Dispatch(
                            found.get("token").asText(),
                            found.path("created_by").textValue(),
                            found.path("active").asBoolean()))
                    : Optional.empty();
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
