package io.holdfast.workflow.bridge.app;

import io.holdfast.contracts.events.ExecutionEvent;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.contracts.events.WorkflowCommand.StopExecution;
import io.holdfast.workflow.bridge.CancelTask;
import io.holdfast.workflow.bridge.Hook;
import io.holdfast.workflow.bridge.Inventory;
import io.holdfast.workflow.bridge.KnownExecution;
import io.holdfast.workflow.bridge.KnownExecutions;
import io.holdfast.workflow.bridge.Letters;
import io.holdfast.workflow.bridge.StartTask;
import io.holdfast.workflow.bridge.Workflow;
import io.holdfast.workflow.running.AttachedWorker;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Hands executions over the bridge. */
@ApplicationScoped
public class AttachedBridge implements AttachedWorker {

    private static final Logger LOG = Logger.getLogger(AttachedBridge.class);

    private static final String KILL = "kill";

    private final BridgeConfig config;
    private final Letters letters;
    private final Inventory inventory;
    private final KnownExecutions executions;

    AttachedBridge(BridgeConfig config, Letters letters, Inventory inventory, KnownExecutions executions) {
        this.config = config;
        this.letters = letters;
        this.inventory = inventory;
        this.executions = executions;
    }

    @Override
    public boolean isAttached() {
        return config.enabled();
    }

    @Override
    public boolean considers(StartExecution command) {
        return config.enabled();
    }

    @Override
    public @Nullable String start(StartExecution command) {
        String deploymentId = command.deploymentId();
        Optional<Workflow> workflow = deploymentId == null
                ? Workflow.ofManager(command.workflowId())
                : inventory.find(command.tenantName(), deploymentId, command.workflowId());
        if (workflow.isEmpty() && deploymentId == null) {
            return "an attached worker runs no `" + command.workflowId() + "` without a deployment";
        }
        if (workflow.isEmpty()) {
            return "deployment `" + deploymentId + "` has no workflow `" + command.workflowId()
                    + "` with a function that an attached worker could call";
        }
        letters.append(StartTask.of(command, workflow.get(), config.restHosts(), config.restPort()));
        LOG.infof("Execution %s is handed to an attached worker", command.executionId());
        return null;
    }

    /** A worker asks the API for its execution's status and stops by itself when it is cancelling; only a kill is told to it. */
    @Override
    public boolean stop(StopExecution command) {
        if (command.mode().equals(KILL)) {
            CancelTask.of(command, config.restHosts()).forEach(letters::append);
            LOG.infof("Attached workers are told to kill execution %s", command.executionId());
        } else {
            LOG.debugf("The worker of execution %s sees by its status that it is to stop", command.executionId());
        }
        return true;
    }

    @Override
    public void happened(ExecutionEvent fact) {
        String tenant = fact.tenant();
        if (tenant == null) {
            return;
        }
        if (!(fact instanceof ExecutionEvent.Queued)) {
            letters.settled(tenant, fact.subject());
        }
        KnownExecution execution = executions.find(tenant, fact.subject()).orElse(null);
        String creator = config.hookTokens() && execution != null ? execution.createdBy() : null;
        Hook.of(fact, execution).map(hook -> hook.onBehalfOf(creator)).ifPresent(letters::append);
    }
}
