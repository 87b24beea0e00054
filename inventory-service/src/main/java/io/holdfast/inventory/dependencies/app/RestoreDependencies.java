package io.holdfast.inventory.dependencies.app;

import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.dependencies.app.DependencyRecords.Dependency;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.DeploymentState;
import io.holdfast.inventory.deployments.app.SeenByCaller;
import io.holdfast.inventory.language.DeploymentPreparation;
import io.holdfast.inventory.language.InstanceSuffixes;
import io.holdfast.inventory.language.Plan;
import io.holdfast.inventory.resources.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds once more what a deployment needs: for those that come from a manager that did not write it down. */
@ApplicationScoped
public class RestoreDependencies {

    private final DeploymentState.Source states;
    private final DeploymentRecords deployments;
    private final DependencyRecords records;
    private final ChangeDependencies change;
    private final InstanceSuffixes suffixes = new InstanceSuffixes();

    RestoreDependencies(
            DeploymentState.Source states,
            DeploymentRecords deployments,
            DependencyRecords records,
            ChangeDependencies change) {
        this.states = states;
        this.deployments = deployments;
        this.records = records;
        this.change = change;
    }

    /**
     * Adds those that functions of its blueprint name, where such a deployment is there, and leaves those alone that it has.
     *
     * @param composition also those that nodes stand for, {@code Component} and {@code SharedResource}; these must be there
     * @param atRunTimeOnly leaves functions in the blueprint to be evaluated later, as {@code runtime_only_evaluation} of a deployment
     */
    @Transactional
    public void restore(String id, boolean composition, boolean atRunTimeOnly, CallerIdentity caller) {
        DeploymentState state = states.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
        Refusals.requireOwn(id, state.tenant(), caller.tenant());
        List<Dependency> needed = new ArrayList<>();
        DeploymentPreparation.prepare(
                        plan(state.blueprintId(), caller),
                        state.inputs(),
                        atRunTimeOnly,
                        new SeenByCaller(deployments, suffixes, caller),
                        NamedThings.ANY)
                .dependencies()
                .forEach((creator, target) -> {
                    if (deployments.find(target, caller).isPresent()) {
                        needed.add(Dependency.within(creator, id, target));
                    }
                });
        if (composition) {
            records.composition(state.tenant(), id).forEach((creator, target) -> {
                if (target == null || deployments.find(target, caller).isEmpty()) {
                    throw Refusals.notFound("Deployment", String.valueOf(target));
                }
                needed.add(Dependency.within(creator, id, target));
            });
        }
        change.addAll(id, needed, caller);
    }

    private Plan plan(@Nullable String blueprint, CallerIdentity caller) {
        String id = String.valueOf(blueprint);
        return deployments
                .blueprint(id, caller)
                .orElseThrow(() -> Refusals.notFound("Blueprint", id))
                .plan();
    }
}
