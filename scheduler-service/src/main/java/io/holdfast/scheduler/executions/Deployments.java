package io.holdfast.scheduler.executions;

import io.holdfast.contracts.language.NamedThings;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The deployments of the manager, as far as executions need them. */
public interface Deployments {

    /**
     * As the present caller sees it.
     *
     * @param availability whether to find out which of its workflows are available now; else all are taken for it
     * @throws io.holdfast.contracts.errors.ManagerException NOT_FOUND if there is none that the caller may see
     */
    DeploymentFacts get(String deploymentId, boolean availability);

    /**
     * What depends on it, as the present caller sees it: numbered lines as refusals show them; empty where nothing does.
     *
     * @param except ids of deployments that do not count
     * @param services whether those count that are below it by their labels
     */
    String dependents(String deploymentId, Set<String> except, boolean services);

    /**
     * The deployments that the {@code Component} nodes of some of a tenant's deployments have made or use, by the ids of these; those
     * without components are left out.
     */
    Map<String, List<String>> components(String tenantName, Collection<String> deploymentIds);

    /** Writes down with a tenant's deployment which execution made it. */
    void madeBy(String tenantName, String deploymentId, String executionId);

    /** What the manager has, as the present caller sees it; things of deployments are those of this one. */
    NamedThings things(String deploymentId);

    /** As this service sees it; empty if there is none. */
    Optional<DeploymentFacts> find(String tenantName, String deploymentId);
}
