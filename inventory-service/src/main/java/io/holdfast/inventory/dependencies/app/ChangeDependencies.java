package io.holdfast.inventory.dependencies.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.resources.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Adds, replaces and removes inter-deployment dependencies. None may lead back to where it comes from. */
@ApplicationScoped
public class ChangeDependencies {

    private static final String TARGET = "target";

    private final DependencyRecords records;
    private final DeploymentRecords deployments;
    private final Clock clock;

    ChangeDependencies(DependencyRecords records, DeploymentRecords deployments, Clock clock) {
        this.records = records;
        this.deployments = deployments;
        this.clock = clock;
    }

    /**
     * All or none. Those that are there already stay as they are.
     *
     * @return ids, in the order of what was asked for
     * @throws ManagerException {@code not_found_error} for deployments that are not there, {@code conflict_error} for cycles
     */
    @Transactional
    public List<String> add(List<DependencyRecords.Dependency> dependencies, CallerIdentity caller) {
        String tenant = tenant(caller);
        records.lock(tenant);
        List<String> ids = new ArrayList<>();
        for (DependencyRecords.Dependency dependency : dependencies) {
            ids.add(add(tenant, dependency, caller));
        }
        return ids;
    }

    private String add(String tenant, DependencyRecords.Dependency dependency, CallerIdentity caller) {
        String source = dependency.source();
        String target = dependency.target();
        String visibility = "tenant";
        if (dependency.externalSource() == null) {
            visibility = source(source, caller).visibility().wireName();
        }
        if (target != null && dependency.externalTarget() == null) {
            if (deployments.find(target, caller).isEmpty()) {
                throw missing(TARGET, target);
            }
        } else if (dependency.externalTarget() == null
                && dependency.targetFunction() == null
                && dependency.externalSource() == null) {
            throw missing(TARGET, target);
        }
        if (source != null
                && target != null
                && dependency.externalSource() == null
                && dependency.externalTarget() == null) {
            requireNoCycle(tenant, source, target);
        }
        List<String> present = records.find(tenant, dependency.creator(), source, target, false);
        if (!present.isEmpty()) {
            return present.get(0);
        }
        if (records.has(tenant, dependency.id())) {
            throw Refusals.taken("InterDeploymentDependencies", dependency.id(), tenant);
        }
        String createdBy = dependency.createdBy();
        Instant createdAt = dependency.createdAt();
        records.add(
                tenant,
                dependency,
                visibility,
                createdBy == null ? caller.username() : createdBy,
                createdAt == null ? clock.instant() : createdAt);
        return dependency.id();
    }

    private void requireNoCycle(String tenant, String source, String target) {
        if (records.needs(tenant, target, source)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "cyclic dependency between deployments " + source + " and " + target,
                    "remove one of these dependencies first");
        }
    }

    /** In place of all that the source has. */
    @Transactional
    public List<String> replace(String source, List<DependencyRecords.Dependency> dependencies, CallerIdentity caller) {
        String tenant = tenant(caller);
        source(source, caller);
        records.lock(tenant);
        records.remove(tenant, records.ofSource(tenant, source));
        List<String> ids = new ArrayList<>();
        for (DependencyRecords.Dependency dependency : dependencies) {
            ids.add(add(tenant, dependency, caller));
        }
        return ids;
    }

    /**
     * Removes one.
     *
     * @param componentDeletion the target may be gone already; then whatever its creator made goes
     */
    @Transactional
    public void remove(
            String creator,
            @Nullable String source,
            @Nullable String target,
            boolean external,
            boolean componentDeletion,
            CallerIdentity caller) {
        String tenant = tenant(caller);
        if (!external) {
            source(source, caller);
            if (!componentDeletion
                    && target != null
                    && deployments.find(target, caller).isEmpty()) {
                throw missing(TARGET, target);
            }
        }
        List<String> found = records.find(tenant, creator, source, target, componentDeletion && target == null);
        if (found.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Requested `InterDeploymentDependencies` with ID `None` was not found (filters:"
                            + " {'dependency_creator': '"
                            + creator + "', 'source_deployment': " + shown(source, tenant) + ", 'target_deployment': "
                            + shown(target, tenant) + "})",
                    null);
        }
        records.remove(tenant, found);
    }

    private DeploymentRecords.Stored source(@Nullable String id, CallerIdentity caller) {
        DeploymentRecords.Stored source =
                id == null ? null : deployments.find(id, caller).orElse(null);
        if (source == null || !source.tenant().equals(caller.tenant())) {
            throw missing("source", id);
        }
        return source;
    }

    private static String shown(@Nullable String id, String tenant) {
        return id == null ? "None" : "<Deployment id=`" + id + "` tenant=`" + tenant + "`>";
    }

    private static String tenant(CallerIdentity caller) {
        return Objects.requireNonNull(caller.tenant(), "dependencies have a tenant");
    }

    private static ManagerException missing(String role, @Nullable String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND,
                "Given " + role + " deployment with ID `" + (id == null ? "None" : id) + "` does not exist."
                        + (role.equals(TARGET) ? "  Also the target deployment function has not been provided" : ""),
                null);
    }
}
