package io.holdfast.workflow.builtin.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.events.WorkflowCommand.StartExecution;
import io.holdfast.workflow.builtin.Deployments;
import io.holdfast.workflow.builtin.Executions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Uninstalls the deployments whose environment a deployment is, before that one, by executions of their own: they do the same to theirs.
 * What becomes of them keeps the environment from nothing. Source: the existing product's workflow {@code uninstall}.
 */
final class UninstallServices {

    /** What keeps a service from being uninstalled and nobody has to care about. */
    private static final Set<ErrorCode> NOTHING_TO_DO =
            Set.of(ErrorCode.UNAVAILABLE_WORKFLOW, ErrorCode.NONEXISTENT_WORKFLOW);

    private final StartExecution command;
    private final Deployments deployments;
    private final OtherExecutions others;
    private final Ours ours;
    private final BiConsumer<String, String> log;

    /** @param log takes level and message */
    UninstallServices(
            StartExecution command,
            Deployments deployments,
            OtherExecutions others,
            Ours ours,
            BiConsumer<String, String> log) {
        this.command = command;
        this.deployments = deployments;
        this.others = others;
        this.ours = ours;
        this.log = log;
    }

    void run(String deploymentId) {
        info("Uninstalling service deployments recursively");
        Map<String, String> services = new LinkedHashMap<>();
        for (String service :
                ours.patiently(() -> deployments.services(command.tenantName(), deploymentId, command.createdBy()))) {
            if (command.dryRun()) {
                info("Service deployment " + service + " is not uninstalled in a dry run");
            } else {
                start(service).ifPresent(execution -> services.put(execution, service));
            }
        }
        services.forEach(this::await);
        info("Service deployments uninstalled");
    }

    private Optional<String> start(String service) {
        Map<String, Object> parameters = new HashMap<>(command.parameters());
        parameters.put("recursive", true);
        try {
            return Optional.of(others.start(
                    new Executions.Start(service, command.workflowId(), parameters, false, null, command.createdBy())));
        } catch (ManagerException e) {
            if (!NOTHING_TO_DO.contains(e.code())) {
                throw e;
            }
            info("Service deployment " + service + " is left as it is: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void await(String execution, String service) {
        String status = others.await(execution, null);
        if (status != null && !status.equals(OtherExecutions.WELL)) {
            log.accept(
                    "warning",
                    "Service deployment " + service + " was not uninstalled: execution " + execution + " is " + status);
        }
    }

    private void info(String message) {
        log.accept("info", message);
    }
}
