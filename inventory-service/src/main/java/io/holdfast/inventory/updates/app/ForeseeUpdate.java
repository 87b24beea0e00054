package io.holdfast.inventory.updates.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.dependencies.app.DependencyRecords;
import io.holdfast.inventory.deployments.app.Dependent;
import io.holdfast.inventory.deployments.app.DeploymentExecutions;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.updates.UpdatePlan;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an update that is only looked at would do beside nodes and node instances. It depends on what there is now, so it is not kept. */
@ApplicationScoped
public class ForeseeUpdate {

    /** What is shown of a schedule of a blueprint. Source: the existing API. */
    private static final List<String> TEXTS = List.of("workflow", "since", "until", "count", "recurrence");

    private static final String WEEKDAYS = "weekdays";

    /**
     * @param newSchedules those that the deployment would get, as the blueprint has them, by their ids
     * @param replacedSchedules ids of those that it has and that would become others
     * @param newLabels that it does not have
     * @param dependents of the deployment and its components, as the API shows them: {@code deployment}, {@code dependency_type},
     *     {@code dependent_node}, {@code tenant}
     */
    public record Foreseen(
            List<Map<String, @Nullable Object>> newSchedules,
            List<String> replacedSchedules,
            List<Label> newLabels,
            List<Map<String, String>> dependents) {}

    private final UpdateContents contents;
    private final DeploymentExecutions executions;
    private final DependencyRecords dependencies;

    ForeseeUpdate(UpdateContents contents, DeploymentExecutions executions, DependencyRecords dependencies) {
        this.contents = contents;
        this.executions = executions;
        this.dependencies = dependencies;
    }

    /** @throws io.holdfast.contracts.errors.ManagerException not_found_error; service_unavailable_error */
    public Foreseen of(String updateId, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "a deployment update has a tenant");
        UpdateContents.Stored update = QuarkusTransaction.requiringNew()
                .call(() -> contents.lock(tenant, updateId)
                        .orElseThrow(() -> Refusals.notFound("DeploymentUpdate", updateId)));
        String deployment = String.valueOf(update.deploymentId());
        Map<String, @Nullable Object> wanted = new TreeMap<>(UpdatePlan.schedules(update.plan()));
        Set<String> present = wanted.isEmpty() ? Set.of() : new HashSet<>(executions.schedules(tenant, deployment));
        Set<Label> labels =
                new HashSet<>(QuarkusTransaction.requiringNew().call(() -> contents.labels(tenant, deployment)));
        List<Map<String, @Nullable Object>> shown = new ArrayList<>();
        wanted.forEach((id, schedule) -> shown.add(shown(id, schedule)));
        return new Foreseen(
                shown,
                wanted.keySet().stream().filter(present::contains).toList(),
                UpdatePlan.labels(update.plan()).stream()
                        .filter(label -> !labels.contains(label))
                        .toList(),
                QuarkusTransaction.requiringNew().call(() -> dependencies.uses(tenant, deployment)).stream()
                        .map(ForeseeUpdate::shown)
                        .distinct()
                        .toList());
    }

    private static Map<String, String> shown(DependencyRecords.Use use) {
        String source = use.source();
        Map<String, @Nullable Object> elsewhere = use.externalSource();
        Map<String, String> one = new LinkedHashMap<>();
        one.put("deployment", source == null ? elsewhere.get("deployment") + " on " + elsewhere.get("host") : source);
        one.put("dependency_type", Dependent.kind(use.creator()));
        one.put("dependent_node", Dependent.node(use.creator()));
        one.put("tenant", source == null ? String.valueOf(elsewhere.get("tenant")) : use.tenant());
        return one;
    }

    private static Map<String, @Nullable Object> shown(String id, @Nullable Object schedule) {
        Map<?, ?> given = schedule instanceof Map<?, ?> map ? map : Map.of();
        Map<String, @Nullable Object> one = new LinkedHashMap<>();
        one.put("id", id);
        for (String name : TEXTS) {
            Object value = given.get(name);
            one.put(name, value == null ? null : String.valueOf(value));
        }
        one.put(
                WEEKDAYS,
                given.get(WEEKDAYS) instanceof List<?> days
                        ? days.stream().map(String::valueOf).toList()
                        : null);
        return one;
    }
}
