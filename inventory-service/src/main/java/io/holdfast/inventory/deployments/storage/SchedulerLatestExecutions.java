package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.deployments.app.LatestExecutions;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Asks the scheduler. */
@Singleton
class SchedulerLatestExecutions implements LatestExecutions {

    private static final Logger LOG = Logger.getLogger(SchedulerLatestExecutions.class);

    private final InternalHttp http;

    SchedulerLatestExecutions(InternalHttp http) {
        this.http = http;
    }

    @Override
    public Map<Deployment, Latest> of(Collection<Deployment> deployments) {
        if (deployments.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> question = Map.of(
                "ids",
                deployments.stream()
                        .map(one -> Map.of("tenant_name", one.tenant(), "id", one.id()))
                        .toList());
        Map<Deployment, Latest> found = new HashMap<>();
        try {
            for (JsonNode item : http.to("scheduler")
                    .post("/executions/lookup/latest", question, JsonNode.class)
                    .path("items")) {
                put(item, found);
            }
        } catch (ManagerException e) {
            LOG.warnf("Deployments are shown with the executions that are stored with them: %s", e.detail());
        }
        return found;
    }

    @Override
    public Changes changedSince(Instant since) {
        JsonNode answer = http.to("scheduler")
                .post("/executions/lookup/changed", Map.of("since", ApiTime.format(since)), JsonNode.class);
        Map<Deployment, Latest> found = new HashMap<>();
        answer.path("items").forEach(item -> put(item, found));
        return new Changes(
                found,
                ApiTime.parse(answer.path("now").asText()),
                answer.path("epoch").asLong());
    }

    private static void put(JsonNode item, Map<Deployment, Latest> found) {
        found.put(
                new Deployment(
                        item.path("tenant_name").asText(),
                        item.path("deployment_id").asText()),
                new Latest(
                        item.path("id").asText(),
                        item.path("workflow_id").asText(),
                        item.path("status").asText(),
                        item.path("total_operations").asLong(),
                        item.path("finished_operations").asLong()));
    }
}
