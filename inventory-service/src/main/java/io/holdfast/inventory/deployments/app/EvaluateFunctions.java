package io.holdfast.inventory.deployments.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.language.DependencyFunction;
import io.holdfast.inventory.language.NotEvaluable;
import io.holdfast.inventory.language.RuntimeEvaluation;
import io.holdfast.inventory.language.RuntimeValues;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.secrets.app.Secrets;
import io.holdfast.listing.ListRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What outputs, capabilities and functions of a deployment are now. Reads only. */
@ApplicationScoped
public class EvaluateFunctions {

    /** Capabilities may be made of other deployments' capabilities; longer chains are taken for cycles. */
    private static final int DEEPEST = 20;

    private static final Logger LOG = Logger.getLogger(EvaluateFunctions.class);

    private final DeploymentState.Source deployments;
    private final Secrets secrets;
    private final ObjectMapper mapper;

    EvaluateFunctions(DeploymentState.Source deployments, Secrets secrets, ObjectMapper mapper) {
        this.deployments = deployments;
        this.secrets = secrets;
        this.mapper = mapper;
    }

    /** Name to value. @throws ManagerException {@code deployment_outputs_evaluation_error} */
    public Map<String, @Nullable Object> outputs(String id, CallerIdentity caller) {
        DeploymentState state = get(id, caller);
        return all(
                "outputs",
                state.outputs(),
                state,
                (value, place, context) -> RuntimeEvaluation.evaluateOutput(value, facts(state), place, context),
                ErrorCode.DEPLOYMENT_OUTPUTS_EVALUATION,
                caller);
    }

    /** Name to value. @throws ManagerException {@code deployment_capabilities_evaluation_error} */
    public Map<String, @Nullable Object> capabilities(String id, CallerIdentity caller) {
        DeploymentState state = get(id, caller);
        return all(
                "capabilities",
                state.capabilities(),
                state,
                (value, place, context) ->
                        RuntimeEvaluation.evaluate(value, facts(state), RuntimeEvaluation.Roles.NONE, place, context),
                ErrorCode.DEPLOYMENT_CAPABILITIES_EVALUATION,
                caller);
    }

    private interface Evaluation {
        @Nullable
        Object of(@Nullable Object value, String place, RuntimeValues context);
    }

    private Map<String, @Nullable Object> all(
            String part,
            Map<String, @Nullable Object> declared,
            DeploymentState state,
            Evaluation evaluation,
            ErrorCode refusal,
            CallerIdentity caller) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        Values context = new Values(state, caller, 0);
        declared.forEach((name, declaration) -> {
            try {
                values.put(name, evaluation.of(value(declaration), part + "." + name, context));
            } catch (NotEvaluable e) {
                throw new ManagerException(refusal, e.text(), "see the blueprint of the deployment", e);
            }
        });
        return values;
    }

    private static @Nullable Object value(@Nullable Object declaration) {
        return declaration instanceof Map<?, ?> fields ? fields.get("value") : declaration;
    }

    /**
     * @param payload anything with functions in it
     * @param context what {@code self}, {@code source} and {@code target} mean: ids of node instances or names of nodes
     * @throws ManagerException {@code functions_evaluation_error}
     */
    public @Nullable Object payload(
            String id, @Nullable Object payload, Map<String, String> context, CallerIdentity caller) {
        DeploymentState state = get(id, caller);
        try {
            return RuntimeEvaluation.evaluate(
                    payload,
                    facts(state),
                    new RuntimeEvaluation.Roles(
                            role(state, context.get("self")),
                            role(state, context.get("source")),
                            role(state, context.get("target"))),
                    "payload",
                    new Values(state, caller, 0));
        } catch (NotEvaluable e) {
            throw new ManagerException(ErrorCode.FUNCTIONS_EVALUATION, e.text(), null, e);
        }
    }

    /**
     * What functions say that name other deployments, as far as it can be told now; the others are left out.
     *
     * @param functions by where they stand
     */
    public Map<String, String> targets(String id, Map<String, DependencyFunction> functions, CallerIdentity caller) {
        if (functions.isEmpty()) {
            return Map.of();
        }
        DeploymentState state = get(id, caller);
        Map<String, String> targets = new LinkedHashMap<>();
        functions.forEach((place, named) -> {
            try {
                Object target = RuntimeEvaluation.evaluate(
                        named.function(),
                        facts(state),
                        new RuntimeEvaluation.Roles(role(state, named.self()), null, null),
                        place,
                        new Values(state, caller, 0));
                if (target instanceof String text) {
                    targets.put(place, text);
                }
            } catch (NotEvaluable | ManagerException e) {
                LOG.debugf("%s of deployment %s names no deployment yet: %s", place, id, e.getMessage());
            }
        });
        return targets;
    }

    /**
     * Properties of nodes of one deployment, evaluated.
     *
     * @param properties as they are stored, by the nodes' names
     * @param instance which instance of its node SELF means; null: none
     * @throws ManagerException {@code functions_evaluation_error}
     */
    public Map<String, @Nullable Object> properties(
            String id, Map<String, @Nullable Object> properties, @Nullable String instance, CallerIdentity caller) {
        DeploymentState state = get(id, caller);
        String nodeOfInstance = instance == null ? null : state.nodeOfInstance().get(instance);
        Map<String, @Nullable Object> evaluated = new LinkedHashMap<>();
        properties.forEach((node, values) -> evaluated.put(
                node,
                ofItself(
                        state,
                        new RuntimeEvaluation.Role(node, node.equals(nodeOfInstance) ? instance : null),
                        values,
                        "nodes." + node + ".properties",
                        caller)));
        return evaluated;
    }

    /**
     * Runtime properties of a node instance, evaluated.
     *
     * @param deployment that it is of
     * @param properties as they are stored
     * @throws ManagerException {@code functions_evaluation_error}
     */
    public @Nullable Object runtimeProperties(
            String deployment, String node, String instance, @Nullable Object properties, CallerIdentity caller) {
        return ofItself(
                get(deployment, caller),
                new RuntimeEvaluation.Role(node, instance),
                properties,
                "node_instances." + instance + ".runtime_properties",
                caller);
    }

    private @Nullable Object ofItself(
            DeploymentState state,
            RuntimeEvaluation.Role self,
            @Nullable Object value,
            String place,
            CallerIdentity caller) {
        try {
            return RuntimeEvaluation.evaluate(
                    value,
                    facts(state),
                    new RuntimeEvaluation.Roles(self, null, null),
                    place,
                    new Values(state, caller, 0));
        } catch (NotEvaluable e) {
            throw new ManagerException(ErrorCode.FUNCTIONS_EVALUATION, e.text(), null, e);
        }
    }

    private static RuntimeEvaluation.@Nullable Role role(DeploymentState state, @Nullable String name) {
        if (name == null) {
            return null;
        }
        String node = state.nodeOfInstance().get(name);
        return node == null ? new RuntimeEvaluation.Role(name, null) : new RuntimeEvaluation.Role(node, name);
    }

    private static RuntimeEvaluation.Facts facts(DeploymentState state) {
        return new RuntimeEvaluation.Facts(state.inputs(), state.nodeProperties());
    }

    private DeploymentState get(String id, CallerIdentity caller) {
        return deployments.find(id, caller).orElseThrow(() -> Refusals.notFound("Deployment", id));
    }

    private final class Values implements RuntimeValues {

        private final DeploymentState state;
        private final CallerIdentity caller;
        private final int depth;

        Values(DeploymentState state, CallerIdentity caller, int depth) {
            this.state = state;
            this.caller = caller;
            this.depth = depth;
        }

        @Override
        public List<Instance> instances(String node) {
            return state.instances().getOrDefault(node, List.of());
        }

        @Override
        public Optional<Instance> instance(String id) {
            return instances(state.nodeOfInstance().getOrDefault(id, "")).stream()
                    .filter(instance -> instance.id().equals(id))
                    .findFirst();
        }

        @Override
        public @Nullable Object secret(String key) {
            try {
                JsonNode secret = secrets.get(key, ListRequest.parseGet(Map.of("_include", List.of("value"))), caller)
                        .parsed(mapper);
                return mapper.convertValue(secret.path("value"), Object.class);
            } catch (ManagerException e) {
                throw new NotEvaluable(e.detail());
            }
        }

        @Override
        public @Nullable Object capability(String deployment, String name) {
            if (depth >= DEEPEST) {
                throw new NotEvaluable("the capabilities refer to each other in a cycle, or over more than " + DEEPEST
                        + " deployments: last to `" + name + "` of `" + deployment + "`");
            }
            DeploymentState other = deployments
                    .find(deployment, caller)
                    .orElseThrow(() ->
                            new NotEvaluable("Requested `Deployment` with ID `" + deployment + "` was not found"));
            if (!other.capabilities().containsKey(name)) {
                throw new NotEvaluable(
                        "Requested capability `" + name + "` is not declared in deployment `" + deployment + "`");
            }
            return RuntimeEvaluation.evaluate(
                    value(other.capabilities().get(name)),
                    facts(other),
                    RuntimeEvaluation.Roles.NONE,
                    "capabilities." + name + " of " + deployment,
                    new Values(other, caller, depth + 1));
        }

        @Override
        public Optional<String> parent() {
            return labels(Label.PARENT).stream().findFirst();
        }

        @Override
        public List<String> consumers() {
            return labels(Label.CONSUMER);
        }

        @Override
        public List<String> consumerNames() {
            return deployments.displayNames(state.tenant(), consumers());
        }

        @Override
        public List<String> labels(String key) {
            return state.labels().getOrDefault(key, List.of());
        }

        @Override
        public @Nullable Object system(String entity, String value) {
            return switch (entity + "." + value) {
                case "tenant.name" -> state.tenant();
                case "deployment.id" -> state.id();
                case "deployment.blueprint" -> state.blueprintId();
                case "deployment.owner" -> state.createdBy();
                case "deployment.name" -> state.displayName();
                default -> throw new NotEvaluable("get_sys knows no " + value + " of a " + entity);
            };
        }
    }
}
