package io.holdfast.scheduler.operations.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.language.PythonText;
import io.holdfast.http.CallerIdentity;
import io.holdfast.scheduler.executions.Executions;
import io.holdfast.scheduler.journal.Journal;
import io.holdfast.scheduler.journal.Line;
import io.holdfast.scheduler.operations.OperationState;
import io.holdfast.scheduler.operations.app.OperationRecords.Graph;
import io.holdfast.scheduler.operations.app.OperationRecords.Operation;
import io.holdfast.scheduler.operations.app.OperationRecords.Stored;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes down what a worker means to do in an execution and how far it is. The execution's counts follow. */
@ApplicationScoped
public class ChangeOperations {

    /**
     * How an operation has gone on.
     *
     * @param result what it has answered, as JSON holds it; null: nothing
     * @param exception why it failed, for people; null: it did not
     * @param causes a JSON array, or null
     */
    public record Report(
            String state,
            @Nullable Object result,
            @Nullable String exception,
            @Nullable String causes,
            @Nullable String managerName,
            @Nullable String agentName) {}

    private final OperationRecords records;
    private final Executions executions;
    private final NodeInstances instances;
    private final NodeOperations declared;
    private final Journal journal;
    private final ObjectMapper mapper;

    ChangeOperations(
            OperationRecords records,
            Executions executions,
            NodeInstances instances,
            NodeOperations declared,
            Journal journal,
            ObjectMapper mapper) {
        this.records = records;
        this.executions = executions;
        this.instances = instances;
        this.declared = declared;
        this.journal = journal;
        this.mapper = mapper;
    }

    /** A graph with its operations, all or nothing. */
    @Transactional
    public void add(Graph graph, List<Operation> operations, CallerIdentity caller) {
        executions
                .find(graph.tenantName(), graph.executionId())
                .filter(found -> found.isVisibleTo(caller.username(), caller.seesPrivate()))
                .orElseThrow(() -> missing("Execution", graph.executionId()));
        if (!records.add(graph)) {
            throw taken("TasksGraph", graph.tenantName(), graph.id());
        }
        add(graph.tenantName(), graph.executionId(), operations);
    }

    /** Adds one operation to a graph that is there. */
    @Transactional
    public void add(Operation operation, CallerIdentity caller) {
        String execution = records.executionOf(operation.tenantName(), operation.graphId())
                .filter(id -> isVisible(operation.tenantName(), id, caller))
                .orElseThrow(() -> missing("TasksGraph", operation.graphId()));
        add(operation.tenantName(), execution, List.of(operation));
    }

    private void add(String tenantName, String executionId, List<Operation> operations) {
        if (!records.add(operations)) {
            throw taken(
                    "Operation",
                    tenantName,
                    String.join(", ", operations.stream().map(Operation::id).toList()));
        }
        List<Operation> counted = operations.stream()
                .filter(operation -> OperationState.isCounted(operation.type()))
                .toList();
        records.count(tenantName, executionId, counted.size(), (int) counted.stream()
                .filter(operation -> OperationState.isOver(operation.state()))
                .count());
    }

    /** Node instances get the states, and users the events, that operations of their own kinds stand for. */
    @Transactional
    public void report(String tenantName, String id, Report report, CallerIdentity caller) {
        Stored operation = lock(tenantName, id, caller);
        records.state(tenantName, id, report.state(), report.managerName(), report.agentName());
        boolean isOver = OperationState.isOver(report.state());
        if (OperationState.isCounted(operation.type()) && isOver && !OperationState.isOver(operation.state())) {
            records.count(tenantName, operation.executionId(), 0, 1);
        }
        JsonNode parameters = parameters(operation);
        JsonNode task = parameters.path("task_kwargs");
        if (report.state().equals(OperationState.SUCCEEDED)) {
            succeeded(tenantName, operation, task, report);
        }
        if (OperationState.isTold(operation.type(), report.state())) {
            Object result = report.result();
            tell(
                    tenantName,
                    operation,
                    OperationState.eventType(report.state()),
                    new OperationState.Told(
                                    operation.type(),
                                    operation.name(),
                                    report.state(),
                                    result == null ? null : PythonText.str(result),
                                    report.exception(),
                                    parameters.path("current_retries").asInt(),
                                    parameters.path("total_retries").asInt())
                            .message(),
                    task.path("kwargs").path("__cloudify_context"),
                    report);
        }
    }

    private void succeeded(String tenantName, Stored operation, JsonNode task, Report report) {
        String instance = task.path("node_instance_id").textValue();
        String state = task.path("state").textValue();
        String event = task.path("event").textValue();
        if (operation.type().equals("SetNodeInstanceStateTask") && instance != null && state != null) {
            instances.state(tenantName, instance, state);
        } else if (operation.type().equals("SendNodeEventTask") && event != null) {
            tell(
                    tenantName,
                    operation,
                    "workflow_node_event",
                    event,
                    mapper.createObjectNode().put("node_id", instance),
                    report);
        }
    }

    private void tell(
            String tenantName, Stored operation, String eventType, String message, JsonNode context, Report report) {
        Instant now = executions.now();
        journal.addToExecution(
                tenantName,
                operation.executionId(),
                List.of(new Line(
                        Line.EVENT,
                        now,
                        null,
                        eventType,
                        null,
                        null,
                        message,
                        context.path("node_id").textValue(),
                        context.path("node_name").textValue(),
                        context.path("operation").path("name").textValue(),
                        context.path("source_id").textValue(),
                        context.path("target_id").textValue(),
                        report.causes(),
                        report.managerName(),
                        report.agentName())),
                null);
    }

    private JsonNode parameters(Stored operation) {
        try {
            return mapper.readTree(operation.parameters());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a jsonb column is always JSON", e);
        }
    }

    /**
     * Operations that a resumed execution would run get the inputs that the deployment declares now, as after an update of it.
     *
     * @param relationship null: an operation of the node itself
     */
    @Transactional
    public void updateInputs(
            String deploymentId,
            String nodeId,
            String operation,
            NodeOperations.@Nullable Relationship relationship,
            CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "operations are of a tenant");
        declared.find(deploymentId, nodeId, operation, relationship, caller)
                .ifPresent(found -> records.inputs(tenant, deploymentId, found.nodeId(), operation, found.inputs()));
    }

    @Transactional
    public void remove(String tenantName, String id, CallerIdentity caller) {
        Stored operation = lock(tenantName, id, caller);
        records.remove(tenantName, id);
        if (OperationState.isCounted(operation.type())) {
            records.count(tenantName, operation.executionId(), -1, OperationState.isOver(operation.state()) ? -1 : 0);
        }
    }

    private Stored lock(String tenantName, String id, CallerIdentity caller) {
        return records.lock(tenantName, id)
                .filter(operation -> isVisible(tenantName, operation.executionId(), caller))
                .orElseThrow(() -> missing("Operation", id));
    }

    /** Operations of a private execution are its owner's alone. Its worker, which reports much, is not asked. */
    private boolean isVisible(String tenantName, String executionId, CallerIdentity caller) {
        return caller.seesPrivate()
                || executionId.equals(caller.executionId())
                || executions
                        .find(tenantName, executionId)
                        .map(found -> found.isVisibleTo(caller.username(), false))
                        .orElse(true);
    }

    private static ManagerException missing(String model, String id) {
        return new ManagerException(
                ErrorCode.NOT_FOUND, "Requested `" + model + "` with ID `" + id + "` was not found", null);
    }

    private static ManagerException taken(String model, String tenantName, String id) {
        return new ManagerException(
                ErrorCode.CONFLICT,
                "<" + model + " id=`" + id + "` tenant=`" + tenantName + "`> already exists on <Tenant name=`"
                        + tenantName + "`> or with global visibility",
                null);
    }
}
