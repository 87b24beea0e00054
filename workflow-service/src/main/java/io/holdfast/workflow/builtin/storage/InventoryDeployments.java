package io.holdfast.workflow.builtin.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.InternalHttp;
import io.holdfast.workflow.builtin.Deployments;
import io.holdfast.workflow.builtin.Instance;
import io.holdfast.workflow.builtin.Node;
import io.holdfast.workflow.builtin.Operation;
import io.holdfast.workflow.builtin.Topology;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deployments as the inventory-service shows and changes them. */
@ApplicationScoped
class InventoryDeployments implements Deployments {

    private static final String CONTAINED_IN = "cloudify.relationships.contained_in";
    private static final String EXECUTION_ID = "execution_id";
    private static final String PARENT = "csys-obj-parent";

    private static final int PAGE = 100;

    private final Neighbours neighbours;

    private record Planned(Node node, List<Link> links) {}

    /** A relationship as a node declares it, to a node. */
    private record Link(
            String target,
            String type,
            boolean contained,
            Map<String, Operation> source,
            Map<String, Operation> destination) {

        Instance.Relation to(String instance) {
            return new Instance.Relation(instance, contained || CONTAINED_IN.equals(type), source, destination, type);
        }
    }

    InventoryDeployments(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    @Override
    public Optional<String> function(String tenantName, String deploymentId, String workflowId) {
        return deployment(tenantName, deploymentId, "workflows").stream()
                .flatMap(deployment -> Answer.objects(deployment.get("workflows")))
                .filter(workflow -> workflowId.equals(workflow.get("name")))
                .map(workflow -> Answer.text(workflow.get("operation")))
                .findFirst();
    }

    private Optional<Map<String, Object>> deployment(String tenantName, String deploymentId, String fields) {
        try {
            return Optional.of(neighbours
                    .inventory(tenantName)
                    .get("/deployments/" + InternalHttp.segment(deploymentId) + "?_include=" + fields, Answer.OBJECT));
        } catch (ManagerException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public List<String> services(String tenantName, String deploymentId, @Nullable String user) {
        Map<String, Object> rule =
                Map.of("type", "label", "key", PARENT, "operator", "any_of", "values", List.of(deploymentId));
        Map<?, ?> found = neighbours
                .inventory(tenantName)
                .post(
                        "/searches/deployments?_include=id,visibility,created_by&_get_all_results=true",
                        Map.of("filter_rules", List.of(rule)),
                        Map.class);
        return Answer.objects(found.get("items"))
                .filter(deployment -> !"private".equals(deployment.get("visibility"))
                        || Objects.equals(deployment.get("created_by"), user))
                .map(deployment -> Answer.text(deployment.get("id")))
                .toList();
    }

    @Override
    public Topology topology(String tenantName, String deploymentId) {
        Map<String, Planned> plans = new LinkedHashMap<>();
        forAll(tenantName, "nodes", deploymentId, plan -> {
            String id = Answer.text(plan.get("id"));
            plans.put(id, new Planned(node(id, plan), links(plan)));
        });
        List<Instance> instances = new ArrayList<>();
        forAll(tenantName, "node-instances", deploymentId, read -> {
            Planned plan = plans.get(Answer.text(read.get("node_id")));
            if (plan != null) {
                instances.add(instance(read, plan));
            }
        });
        Map<String, Topology.ScalingGroup> groups = new LinkedHashMap<>();
        deployment(tenantName, deploymentId, "scaling_groups")
                .ifPresent(deployment -> Answer.object(deployment.get("scaling_groups"))
                        .forEach((name, group) -> groups.put(name, group(Answer.object(group)))));
        return new Topology(plans.values().stream().map(Planned::node).toList(), instances, groups);
    }

    /** Page by page: of a large deployment, each instance may have a relationship to each of another node's. */
    private void forAll(String tenantName, String what, String deploymentId, Consumer<Map<String, Object>> reader) {
        String path = "/" + what + "?_sort=id&_size=" + PAGE + "&deployment_id=" + InternalHttp.segment(deploymentId)
                + "&_offset=";
        int read = PAGE;
        for (int offset = 0; read == PAGE; offset += PAGE) {
            List<Map<String, Object>> page = Answer.objects(neighbours
                            .inventory(tenantName)
                            .get(path + offset, Answer.OBJECT)
                            .get("items"))
                    .toList();
            page.forEach(reader);
            read = page.size();
        }
    }

    private static Node node(String id, Map<String, Object> plan) {
        return new Node(
                id,
                Answer.texts(plan.get("type_hierarchy")),
                operations(plan.get("operations")),
                agentMethod(Answer.object(plan.get("properties"))),
                Answer.number(plan.get("number_of_instances")));
    }

    /** Without saying it, a host has no agent unless its {@code agent_config} names a method. Source: the existing product. */
    private static String agentMethod(Map<String, Object> properties) {
        Object install = properties.get("install_agent");
        if (Boolean.FALSE.equals(install)) {
            return Node.NO_AGENT;
        }
        if (Boolean.TRUE.equals(install)) {
            return "remote";
        }
        String method =
                Answer.text(Answer.object(properties.get("agent_config")).get("install_method"));
        return method.isEmpty() ? Node.NO_AGENT : method;
    }

    private static Map<String, Operation> operations(@Nullable Object plan) {
        Map<String, Operation> operations = new LinkedHashMap<>();
        Answer.object(plan).forEach((name, value) -> {
            Map<String, Object> operation = Answer.object(value);
            operations.put(
                    name, new Operation(Answer.text(operation.get("plugin")), Answer.text(operation.get("operation"))));
        });
        return operations;
    }

    /** The relationships that a node declares, each read once for all of its instances, which may be very many. */
    private static List<Link> links(Map<String, Object> plan) {
        return Answer.objects(plan.get("relationships"))
                .map(declared -> new Link(
                        Answer.text(declared.get("target_id")),
                        Answer.text(declared.get("type")),
                        Answer.texts(declared.get("type_hierarchy")).contains(CONTAINED_IN),
                        Map.copyOf(operations(declared.get("source_operations"))),
                        Map.copyOf(operations(declared.get("target_operations")))))
                .toList();
    }

    private static Instance instance(Map<String, Object> read, Planned plan) {
        List<Instance.Relation> relations = Answer.objects(read.get("relationships"))
                .map(relation -> {
                    String type = Answer.text(relation.get("type"));
                    return plan.links().stream()
                            .filter(link -> link.target().equals(Answer.text(relation.get("target_name")))
                                    && link.type().equals(type))
                            .findFirst()
                            .orElse(new Link("", type, false, Map.of(), Map.of()))
                            .to(Answer.text(relation.get("target_id")));
                })
                .toList();
        String host = Answer.text(read.get("host_id"));
        return new Instance(
                Answer.text(read.get("id")),
                plan.node(),
                Answer.text(read.get("state")),
                host.isEmpty() ? null : host,
                Answer.objects(read.get("scaling_groups"))
                        .map(group -> Answer.text(group.get("id")))
                        .toList(),
                relations,
                Answer.object(read.get("system_properties")));
    }

    private static Topology.ScalingGroup group(Map<String, Object> group) {
        return new Topology.ScalingGroup(
                Answer.number(Answer.object(group.get("properties")).get("current_instances")),
                Answer.texts(group.get("members")));
    }

    /** The version does not matter: whoever runs the deployment's only workflow says what state its instances are in. */
    @Override
    public void setState(String tenantName, String instanceId, String state) {
        neighbours
                .inventory(tenantName)
                .send(
                        "PATCH",
                        "/node-instances/" + InternalHttp.segment(instanceId) + "?force=true&reached=true",
                        Map.of("version", 1, "state", state));
    }

    @Override
    public Modification modify(String tenantName, String deploymentId, Map<String, Object> nodes, By by) {
        Map<String, Object> context =
                Map.of("deployment_id", deploymentId, EXECUTION_ID, by.executionId(), "workflow_id", by.workflowId());
        return modification(neighbours
                .inventory(tenantName, by.creator())
                .post(
                        "/deployment-modifications",
                        Map.of("deployment_id", deploymentId, "nodes", nodes, "context", context),
                        Map.class));
    }

    @Override
    public List<Modification> modifications(String tenantName, String deploymentId) {
        List<Modification> modifications = new ArrayList<>();
        forAll(tenantName, "deployment-modifications", deploymentId, read -> modifications.add(modification(read)));
        return modifications;
    }

    private static Modification modification(Map<?, ?> read) {
        Map<String, Object> instances = Answer.object(read.get("node_instances"));
        return new Modification(
                Answer.text(read.get("id")),
                Answer.text(read.get("status")),
                Answer.text(Answer.object(read.get("context")).get(EXECUTION_ID)),
                changed(instances.get("added_and_related"), "added"),
                changed(instances.get("removed_and_related"), "removed"));
    }

    private static Set<String> changed(@Nullable Object instances, String how) {
        return Answer.changed(instances, how)
                .map(instance -> Answer.text(instance.get("id")))
                .collect(Collectors.toSet());
    }

    @Override
    public void finish(String tenantName, Modification modification) {
        neighbours
                .inventory(tenantName)
                .send(
                        "POST",
                        "/deployment-modifications/" + InternalHttp.segment(modification.id()) + "/finish",
                        Map.of());
    }

    @Override
    public void rollBack(String tenantName, Modification modification) {
        neighbours
                .inventory(tenantName)
                .send(
                        "POST",
                        "/deployment-modifications/" + InternalHttp.segment(modification.id()) + "/rollback",
                        Map.of());
    }
}
