package io.holdfast.inventory.deployments.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.labels.CarriedLabel;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.language.PreparedDeployment;
import io.holdfast.inventory.resources.Visibility;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of deployments, for writing. Each change belongs to the transaction that runs. */
public interface DeploymentRecords {

    /** What a blueprint makes of a deployment, by the API's names: objects all of them. */
    Set<String> OBJECTS = Set.of(
            "inputs",
            "groups",
            "scaling_groups",
            "policy_types",
            "policy_triggers",
            "outputs",
            "capabilities",
            "resource_tags");

    /** A list. */
    String WORKFLOWS = "workflows";

    record Stored(
            String tenant,
            String id,
            Visibility visibility,
            String blueprintId,
            @Nullable String createdBy) {}

    record New(
            String tenant,
            String id,
            String blueprintId,
            String displayName,
            Visibility visibility,
            @Nullable String siteName,
            boolean atRunTimeOnly,
            String createdBy,
            Instant createdAt,
            String createExecutionId,
            List<Label> labels,
            PreparedDeployment prepared) {}

    /**
     * A deployment as it was elsewhere.
     *
     * @param made what its blueprint made of it, by the API's names: {@link #OBJECTS}, {@link #WORKFLOWS} and the description
     * @param workDirectory SHA-256 of its zip; null: it is empty
     */
    record Carried(
            String tenant,
            String id,
            String blueprintId,
            String displayName,
            Visibility visibility,
            @Nullable String siteName,
            boolean atRunTimeOnly,
            Map<String, @Nullable Object> made,
            String installationStatus,
            String deploymentStatus,
            List<CarriedLabel> labels,
            @Nullable String workDirectory,
            String createdBy,
            Instant createdAt) {}

    /** @param plan empty where it has none */
    record BlueprintFacts(Plan plan, @Nullable String state, Visibility visibility) {}

    /** The one that the caller sees: of the tenant first, else a global one. */
    Optional<Stored> find(String id, CallerIdentity caller);

    /**
     * Keeps others from changing or removing it until the end of the transaction.
     *
     * @return as it is by then; empty if it is gone
     */
    Optional<Stored> hold(Stored deployment);

    /** In place of a tenant: what depends on deployments of other tenants. Held after that of the own tenant, never before. */
    String BETWEEN_TENANTS = "";

    /** Until the end of the transaction nobody else decides about what depends on what in a tenant. */
    void holdDependencies(String tenant);

    Optional<BlueprintFacts> blueprint(String id, CallerIdentity caller);

    /** Empty where the caller sees no site of that name. */
    Optional<Visibility> siteVisibility(String name, CallerIdentity caller);

    boolean hasSecret(String key, CallerIdentity caller);

    /** Those of the ids that are taken in the caller's tenant; ids of different tenants differ by chance alone. */
    Set<String> nodeInstancesAmong(Set<String> ids, CallerIdentity caller);

    /** @param version null: any */
    boolean hasPlugin(String packageName, @Nullable String version, CallerIdentity caller);

    /**
     * What a deployment has for those below it.
     *
     * @param capabilities as stored; empty where it has none or is not there
     */
    record Offer(String displayName, Map<String, @Nullable Object> capabilities) {}

    Offer offer(String id, CallerIdentity caller);

    /**
     * Adds the deployment with labels, nodes and node instances.
     *
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the id, here or globally;
     *     {@code not_found_error} where the blueprint has gone meanwhile
     */
    void add(New deployment);

    /**
     * Notes that it needs another one, of its tenant or else a global one, if that is there.
     *
     * @param creator where a function says so
     * @param function which named the other
     */
    void need(New deployment, String creator, String target, Object function);

    /** Adds a deployment of which nothing was made: without what a blueprint makes of it, its creation failed. */
    void addFailed(New deployment);

    /**
     * Adds a deployment without nodes, and without an execution that made it.
     *
     * @throws io.holdfast.contracts.errors.ManagerException as {@link #add}
     */
    void addCarried(Carried deployment);

    /** Takes from a deployment all that its blueprint made of it, as if its creation had failed. It stays in its groups. */
    void empty(String tenant, String id);

    /** Whether its creation failed, and nothing was done with it since. */
    boolean isFailed(Stored deployment);

    /**
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the id, here or globally; where
     *     this one is to be global, in any tenant
     */
    void requireFree(String tenant, String id, Visibility visibility);

    /** In place of those that there are; the ones that stay keep their times. */
    void labels(Stored deployment, List<Label> labels, String createdBy, Instant at);

    /** Whether the deployment has something there. @param name as the API calls it */
    boolean has(Stored deployment, String name);

    /** @param name as the API calls it; @param value JSON, a text, or a boolean */
    void set(Stored deployment, String name, @Nullable Object value, Instant at);

    void displayName(Stored deployment, String name, Instant at);

    void owner(Stored deployment, String username, Instant at);

    void site(Stored deployment, @Nullable String name, Instant at);

    void visibility(Stored deployment, Visibility visibility, Instant at);

    /** Ids of node instances that are neither new nor deleted. */
    List<String> liveInstances(Stored deployment);

    /** What depends on it: users of what it offers, the oldest first, then the deployments that it is the parent of. */
    List<Dependent> dependents(Stored deployment);

    /**
     * What the instances of {@code Component} nodes say of the deployments that they stand for, by the deployments that the nodes belong
     * to; those without any are left out.
     */
    Map<String, List<String>> components(String tenant, List<String> ids);

    void madeBy(Stored deployment, String executionId);

    /** Of these deployments of a tenant, and of their parents' parents. */
    List<String> ancestors(String tenant, List<String> ids);

    /** Those below these deployments of a tenant, by their labels, and what is below them: the lowest first. */
    List<String> descendants(String tenant, List<String> ids);

    /** With all that hangs on it. @return SHA-256 of its work directory, which nothing may refer to any more; empty: it had none */
    Optional<String> remove(Stored deployment);
}
