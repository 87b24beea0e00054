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
import org.jspecify.annotations.Nullable;

/**
 * Uninstalls the deployments whose environment a deployment is, before that one, by executions of their own: they do the same to theirs.
 * What becomes of them keeps the environment from nothing. Source: the existing product's workflow {@code uninstall}.
 */
final class UninstallServices {

    private static final Set<String> ENDS = Set.of("terminated", "failed", "cancelled");

    private static final long LOOK_MILLIS = 1_000;

    /** What keeps a service from being uninstalled and nobody has to care about. */
    private static final Set<ErrorCode> NOTHING_TO_DO =
            Set.of(ErrorCode.UNAVAILABLE_WORKFLOW, ErrorCode.NONEXISTENT_WORKFLOW);

    private final StartExecution command;
    private final Deployments deployments;
    private final Executions executions;
    private final Ours ours;
    private final Places places;
    private final BiConsumer<String, String> log;

    /** @param log takes level and message */
    UninstallServices(
            StartExecution command,
            Deployments deployments,
            Executions executions,
            Ours ours,
            Places places,
            BiConsumer<String, String> log) {
        this.command = command;
        this.deployments = deployments;
        this.executions = executions;
        this.ours = ours;
        this.places = places;
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
        if (!services.isEmpty()) {
            places.whileOthersRun(() -> services.forEach(this::await));
        }
        info("Service deployments uninstalled");
    }

    private Optional<String> start(String service) {
        Map<String, Object> parameters = new HashMap<>(command.parameters());
        parameters.put("recursive", true);
        try {
            return Optional.of(ours.patiently(() -> executions.start(
                    command.tenantName(), service, command.workflowId(), parameters, command.createdBy())));
        } catch (ManagerException e) {
            if (!NOTHING_TO_DO.contains(e.code())) {
                throw e;
            }
            info("Service deployment " + service + " is left as it is: " + e.getMessage());
            return Optional.empty();
        }
    }

    private void await(String execution, String service) {
        String status = status(execution);
        while (status != null && !ENDS.contains(status)) {
            pause();
            status = status(execution);
        }
        if (status != null && !status.equals("terminated")) {
            log.accept(
                    "warning",
                    "Service deployment " + service + " was not uninstalled: execution " + execution + " is " + status);
        }
    }

    private @Nullable String status(String execution) {
        return ours.patiently(() -> executions.status(command.tenantName(), execution));
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ours.Left();
        }
    }

    private void info(String message) {
        log.accept("info", message);
    }
}
