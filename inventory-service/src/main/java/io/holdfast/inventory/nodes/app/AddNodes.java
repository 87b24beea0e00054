package io.holdfast.inventory.nodes.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.deployments.app.UpdateWorkflows;
import io.holdfast.inventory.language.InstanceSuffixes;
import io.holdfast.inventory.resources.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds nodes and node instances to a deployment, as update and scaling workflows do, and changes nodes. All of a request or nothing. */
@ApplicationScoped
public class AddNodes {

    /** How a request names an instance's index: null means the next one of the node. */
    public record Instance(
            NodeRecords.NewInstance instance, @Nullable Integer index) {}

    /** Gives an instance the ids that it gets in place of those asked for. */
    public interface Renaming {
        NodeRecords.NewInstance renamed(NodeRecords.NewInstance instance, Map<String, String> newIds, int index);
    }

    private final NodeRecords records;
    private final DeploymentRecords deployments;
    private final UpdateWorkflows updates;
    private final InstanceSuffixes suffixes = new InstanceSuffixes();

    AddNodes(NodeRecords records, DeploymentRecords deployments, UpdateWorkflows updates) {
        this.records = records;
        this.deployments = deployments;
        this.updates = updates;
    }

    /** @throws ManagerException {@code conflict_error} where the deployment has a node of this id already */
    @Transactional
    public void nodes(String deploymentId, List<NodeRecords.NewNode> nodes, CallerIdentity caller) {
        NodeRecords.Owner owner = owner(deploymentId, caller);
        Set<String> present = new HashSet<>(records.nodes(owner));
        for (NodeRecords.NewNode node : nodes) {
            if (!present.add(node.id())) {
                throw new ManagerException(
                        ErrorCode.CONFLICT,
                        "<Node id=`" + node.id() + "` tenant=`" + owner.tenant()
                                + "`> already exists in the deployment `" + deploymentId + "`",
                        "choose another id");
            }
        }
        records.addNodes(owner, nodes, caller.username());
    }

    /** Ids that other instances have are replaced by new ones, wherever the request names them. */
    @Transactional
    public void instances(String deploymentId, List<Instance> instances, Renaming renaming, CallerIdentity caller) {
        NodeRecords.Owner owner = owner(deploymentId, caller);
        Set<String> nodes = records.nodes(owner);
        Map<String, String> newIds = newIds(owner, instances);
        Map<String, Integer> highest = new HashMap<>(records.highestIndexes(owner));
        List<NodeRecords.NewInstance> renamed = new ArrayList<>();
        for (Instance asked : instances) {
            NodeRecords.NewInstance instance = asked.instance();
            if (!nodes.contains(instance.nodeId())) {
                throw new ManagerException(
                        ErrorCode.NOT_FOUND,
                        "Requested `Node` with ID `" + instance.nodeId() + "` was not found",
                        "the deployment `" + deploymentId + "` has no such node; add it first");
            }
            Integer index = asked.index();
            int chosen = index == null ? highest.getOrDefault(instance.nodeId(), 0) + 1 : index;
            highest.merge(instance.nodeId(), chosen, Math::max);
            renamed.add(renaming.renamed(instance, newIds, chosen));
        }
        records.addInstances(owner, renamed, caller.username());
    }

    private Map<String, String> newIds(NodeRecords.Owner owner, List<Instance> instances) {
        List<String> ids =
                instances.stream().map(asked -> asked.instance().id()).toList();
        Set<String> used = new HashSet<>();
        for (String id : ids) {
            if (!used.add(id)) {
                throw new ManagerException(
                        ErrorCode.CONFLICT, "the request names the node instance `" + id + "` twice", null);
            }
        }
        Set<String> taken = records.takenInstanceIds(owner.tenant(), ids);
        Map<String, String> newIds = new LinkedHashMap<>();
        for (Instance asked : instances) {
            if (!taken.contains(asked.instance().id())) {
                continue;
            }
            String id;
            do {
                id = asked.instance().nodeId() + "_" + suffixes.next();
            } while (used.contains(id)
                    || !records.takenInstanceIds(owner.tenant(), List.of(id)).isEmpty());
            used.add(id);
            newIds.put(asked.instance().id(), id);
        }
        return newIds;
    }

    /** Of the update workflow only. */
    @Transactional
    public void change(String deploymentId, String nodeId, NodeRecords.NodeChange change, CallerIdentity caller) {
        updates.require(caller);
        records.updateNode(known(deploymentId, nodeId, caller), nodeId, change);
    }

    /** Of the update workflow only. */
    @Transactional
    public void removeNode(String deploymentId, String nodeId, CallerIdentity caller) {
        updates.require(caller);
        records.removeNode(known(deploymentId, nodeId, caller), nodeId);
    }

    private NodeRecords.Owner known(String deploymentId, String nodeId, CallerIdentity caller) {
        NodeRecords.Owner owner = owner(deploymentId, caller);
        if (!records.nodes(owner).contains(nodeId)) {
            throw Refusals.notFound("Node", nodeId);
        }
        return owner;
    }

    private NodeRecords.Owner owner(String deploymentId, CallerIdentity caller) {
        DeploymentRecords.Stored deployment =
                deployments.find(deploymentId, caller).orElseThrow(() -> Refusals.notFound("Deployment", deploymentId));
        Refusals.requireOwn(deploymentId, deployment.tenant(), caller.tenant());
        return new NodeRecords.Owner(
                deployment.tenant(), deploymentId, deployment.visibility().wireName());
    }
}
