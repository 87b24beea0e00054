package io.holdfast.scheduler.executions.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.CallerIdentity;
import io.holdfast.http.CurrentCaller;
import io.holdfast.http.InternalHttp;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deployments as the inventory-service shows them to the present caller. */
@ApplicationScoped
class InventoryDeployments implements Deployments {

    private static final TypeReference<Map<String, Object>> JSON_OBJECT = new TypeReference<>() {};

    /** Only what is needed: for the latest execution the inventory would have to ask this service. */
    private static final String NEEDED =
            "?_include=id,tenant_name,visibility,display_name,blueprint_id,create_execution,workflows";

    private final InternalHttp http;
    private final CurrentCaller caller;
    private final ObjectMapper mapper;
    private final Clock clock;

    InventoryDeployments(InternalHttp http, CurrentCaller caller, ObjectMapper mapper, Clock clock) {
        this.http = http;
        this.caller = caller;
        this.mapper = mapper;
        this.clock = clock;
    }

    @Override
    public DeploymentFacts get(String deploymentId, boolean availability) {
        return get(deploymentId, availability, caller.identity());
    }

    @Override
    public String dependents(String deploymentId, Set<String> except, boolean services) {
        String query =
                except.stream().map(id -> "&except=" + InternalHttp.segment(id)).collect(Collectors.joining());
        String path = "/deployments/" + InternalHttp.segment(deploymentId) + "/dependents?services=" + services + query;
        Map<String, Object> answer = http.to("inventory").as(caller.identity()).get(path, JSON_OBJECT);
        return answer.get("dependents") instanceof String lines ? lines : "";
    }

    @Override
    public Map<String, List<String>> components(String tenantName, Collection<String> deploymentIds) {
        Map<String, Object> question = Map.of("ids", List.copyOf(deploymentIds));
        Map<String, List<String>> components = new LinkedHashMap<>();
        asService(tenantName)
                .post("/deployments/components", question, JsonNode.class)
                .path("components")
                .properties()
                .forEach(one -> {
                    List<String> ids = new ArrayList<>();
                    one.getValue().forEach(id -> ids.add(id.asText()));
                    components.put(one.getKey(), List.copyOf(ids));
                });
        return components;
    }

    @Override
    public void madeBy(String tenantName, String deploymentId, String executionId) {
        asService(tenantName)
                .send(
                        "PUT",
                        "/deployments/" + InternalHttp.segment(deploymentId) + "/create-execution",
                        Map.of("id", executionId));
    }

    private InternalHttp.Service asService(String tenantName) {
        return http.to("inventory").as(identity(tenantName));
    }

    private CallerIdentity identity(String tenantName) {
        return CallerIdentity.ofService(SchedulerMessaging.SERVICE, clock.instant())
                .in(tenantName);
    }

    @Override
    public NamedThings things(String deploymentId) {
        return new InventoryThings(http.to("inventory").as(caller.identity()), deploymentId);
    }

    @Override
    public Optional<DeploymentFacts> find(String tenantName, String deploymentId) {
        try {
            return Optional.of(get(deploymentId, true, identity(tenantName)));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private DeploymentFacts get(String deploymentId, boolean availability, CallerIdentity as) {
        String path = "/deployments/" + InternalHttp.segment(deploymentId) + NEEDED
                + (availability ? "" : "&availability=false");
        Map<String, Object> deployment = http.to("inventory").as(as).get(path, JSON_OBJECT);
        Map<String, DeploymentFacts.Workflow> workflows = new LinkedHashMap<>();
        if (deployment.get("workflows") instanceof List<?> list) {
            list.forEach(item -> {
                DeploymentFacts.Workflow workflow = workflow(item);
                if (workflow != null) {
                    workflows.put(workflow.name(), workflow);
                }
            });
        }
        String tenant = text(deployment.get("tenant_name"));
        String visibility = text(deployment.get("visibility"));
        return new DeploymentFacts(
                tenant == null ? String.valueOf(as.tenant()) : tenant,
                String.valueOf(deployment.get("id")),
                visibility == null ? "tenant" : visibility,
                text(deployment.get("display_name")),
                text(deployment.get("blueprint_id")),
                text(deployment.get("create_execution")),
                workflows);
    }

    private static DeploymentFacts.@Nullable Workflow workflow(@Nullable Object item) {
        if (!(item instanceof Map<?, ?> fields) || !(fields.get("name") instanceof String name)) {
            return null;
        }
        Map<String, Map<String, Object>> parameters = new LinkedHashMap<>();
        if (fields.get("parameters") instanceof Map<?, ?> declared) {
            declared.forEach((parameter, declaration) -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                if (declaration instanceof Map<?, ?> details) {
                    details.forEach((key, value) -> copy.put(String.valueOf(key), value));
                }
                parameters.put(String.valueOf(parameter), copy);
            });
        }
        return new DeploymentFacts.Workflow(
                name,
                parameters,
                !Boolean.FALSE.equals(fields.get("is_available")),
                Boolean.TRUE.equals(fields.get("is_cascading")));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
