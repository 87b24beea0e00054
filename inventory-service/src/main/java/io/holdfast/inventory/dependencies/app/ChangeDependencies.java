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
import java.util.Optional;
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
     * Adds one. If it is there already, it stays as it is.
     *
     * @return its id
     * @throws ManagerException {@code not_found_error} for deployments that are not there, {@code conflict_error} for cycles
     */
    @Transactional
    public String add(DependencyRecords.Dependency dependency, CallerIdentity caller) {
        String tenant = tenant(caller);
        records.lock(tenant);
        String source = dependency.externalSource() == null ? dependency.source() : null;
        String visibility = dependency.externalSource() == null
                ? source(source, caller).visibility().wireName()
                : "tenant";
        String target = there(dependency.target(), caller);
        if (target == null && dependency.isWithin() && dependency.targetFunction() == null) {
            throw missing(TARGET, dependency.target());
        }
        if (dependency.isWithin() && source != null && target != null && records.needs(tenant, target, source)) {
            throw cyclic("cyclic dependency between deployments " + source + " and " + target);
        }
        return put(tenant, dependency.between(source, target), visibility, caller);
    }

    /** What one source needs, all or none. Targets that are not there are left out: their functions may name them later. */
    private List<String> addAll(
            String tenant,
            DeploymentRecords.@Nullable Stored here,
            List<DependencyRecords.Dependency> dependencies,
            CallerIdentity caller) {
        String source = here == null ? null : here.id();
        String visibility = here == null ? "tenant" : here.visibility().wireName();
        List<String> ids = new ArrayList<>();
        for (DependencyRecords.Dependency dependency : dependencies) {
            String target = dependency.isWithin() ? there(dependency.target(), caller) : null;
            if (source != null && target != null && records.needs(tenant, target, source)) {
                throw cyclic("Cyclic dependency between " + shown(source, tenant) + " and " + shown(target, tenant));
            }
            ids.add(put(tenant, dependency.between(source, target), visibility, caller));
        }
        return ids;
    }

    /**
     * As {@link #add}, of several that one source has.
     *
     * @param source not looked at where the first of them comes from another manager
     */
    @Transactional
    public List<String> addAll(String source, List<DependencyRecords.Dependency> dependencies, CallerIdentity caller) {
        String tenant = tenant(caller);
        DeploymentRecords.Stored here = here(source, dependencies, caller);
        records.lock(tenant);
        return addAll(tenant, here, dependencies, caller);
    }

    private DeploymentRecords.@Nullable Stored here(
            String source, List<DependencyRecords.Dependency> dependencies, CallerIdentity caller) {
        if (!dependencies.isEmpty() && dependencies.get(0).externalSource() != null) {
            return null;
        }
        DeploymentRecords.Stored here =
                deployments.find(source, caller).orElseThrow(() -> Refusals.notFound("Deployment", source));
        return own(here, source, caller);
    }

    /** The id, if there is such a deployment, which stays then until the end of the transaction. */
    private @Nullable String there(@Nullable String id, CallerIdentity caller) {
        if (id == null) {
            return null;
        }
        Optional<DeploymentRecords.Stored> found = deployments.find(id, caller);
        if (found.filter(target -> !target.tenant().equals(caller.tenant())).isPresent()) {
            records.lock(DeploymentRecords.BETWEEN_TENANTS);
            found = deployments.find(id, caller);
        }
        return found.isEmpty() ? null : id;
    }

    private String put(
            String tenant, DependencyRecords.Dependency dependency, String visibility, CallerIdentity caller) {
        List<String> present =
                records.find(tenant, dependency.creator(), dependency.source(), dependency.target(), false);
        if (!present.isEmpty()) {
            return present.get(0);
        }
        if (records.has(tenant, dependency.id())) {
            throw Refusals.taken("InterDeploymentDependencies", dependency.id(), tenant);
        }
        String createdBy = dependency.createdBy();
        Instant createdAt = dependency.createdAt();
        String wanted = dependency.visibility();
        records.add(
                tenant,
                dependency,
                wanted == null ? visibility : wanted,
                createdBy == null ? caller.username() : createdBy,
                createdAt == null ? clock.instant() : createdAt);
        return dependency.id();
    }

    private static ManagerException cyclic(String detail) {
        return new ManagerException(ErrorCode.CONFLICT, detail, "remove one of these dependencies first");
    }

    /** In place of all that the source has. */
    @Transactional
    public List<String> replace(String source, List<DependencyRecords.Dependency> dependencies, CallerIdentity caller) {
        String tenant = tenant(caller);
        DeploymentRecords.Stored here = here(source, dependencies, caller);
        records.lock(tenant);
        if (here != null) {
            records.remove(tenant, records.ofSource(tenant, here.id()));
        }
        return addAll(tenant, here, dependencies, caller);
    }

    /**
     * Removes one.
     *
     * @param fromElsewhere the source is of another manager; the same for {@code toElsewhere} and the target
     * @param componentDeletion the target may be gone already; then whatever its creator made goes
     */
    @Transactional
    public void remove(
            String creator,
            @Nullable String source,
            @Nullable String target,
            boolean fromElsewhere,
            boolean toElsewhere,
            boolean componentDeletion,
            CallerIdentity caller) {
        String tenant = tenant(caller);
        if (!fromElsewhere) {
            source(source, caller);
        }
        if (!componentDeletion && !fromElsewhere && !toElsewhere && there(target, caller) == null) {
            throw missing(TARGET, target);
        }
        List<String> found = records.find(tenant, creator, source, target, componentDeletion && target == null);
        if (found.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Requested `InterDeploymentDependencies` with ID `None` was not found (filters:"
                            + " {'dependency_creator': '"
                            + creator + "'"
                            + (source == null ? "" : ", 'source_deployment': " + shown(source, tenant))
                            + (target == null ? "" : ", 'target_deployment': " + shown(target, tenant)) + "})",
                    null);
        }
        records.remove(tenant, found);
    }

    private DeploymentRecords.Stored source(@Nullable String id, CallerIdentity caller) {
        return own(id == null ? null : deployments.find(id, caller).orElse(null), id, caller);
    }

    private static DeploymentRecords.Stored own(
            DeploymentRecords.@Nullable Stored source, @Nullable String id, CallerIdentity caller) {
        if (source == null || !source.tenant().equals(caller.tenant())) {
            throw missing("source", id);
        }
        return source;
    }

    private static String shown(String id, String tenant) {
        return "<Deployment id=`" + id + "` tenant=`" + tenant + "`>";
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
