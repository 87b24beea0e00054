package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.InternalHttp;
import io.holdfast.inventory.deployments.app.LatestExecutions;
import io.holdfast.inventory.deployments.app.ScheduledDeployments;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;

/** Asks the scheduler. */
@Singleton
class SchedulerScheduledDeployments implements ScheduledDeployments {

    private static final String SCHEDULES =
            "/execution-schedules?_all_tenants=true&_get_all_results=true&_include=deployment_id,tenant_name";

    private final InternalHttp http;

    SchedulerScheduledDeployments(InternalHttp http) {
        this.http = http;
    }

    @Override
    public Set<LatestExecutions.Deployment> all() {
        Set<LatestExecutions.Deployment> deployments = new HashSet<>();
        for (JsonNode schedule :
                http.to("scheduler").get(SCHEDULES, JsonNode.class).path("items")) {
            deployments.add(new LatestExecutions.Deployment(
                    schedule.path("tenant_name").asText(),
                    schedule.path("deployment_id").asText()));
        }
        return deployments;
    }
}
