package io.holdfast.restore.plan;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * When a manager is clean: it holds nothing that somebody made. What its installation makes does not count: the tenant
 * {@code default_tenant}, the bootstrap administrator, roles and permissions, tokens, system workflows' executions, system filters.
 * docs/restore.md has the list.
 */
public final class CleanManager {

    /** What the message names; the rest is counted. */
    private static final int NAMED = 6;

    private CleanManager() {}

    /** The refusal of a restore without {@code force}, with what was found; empty if the manager is clean. */
    public static Optional<ManagerException> refusal(List<Holding> holdings) {
        if (holdings.isEmpty()) {
            return Optional.empty();
        }
        String found = holdings.stream().limit(NAMED).map(Holding::text).collect(Collectors.joining(", "));
        int more = holdings.size() - NAMED;
        return Optional.of(new ManagerException(
                ErrorCode.MANAGER_NOT_CLEAN,
                "manager holds " + found + (more > 0 ? " and " + more + " more kinds of things" : "")
                        + "; a restore needs a clean manager, or force, which replaces all of it and keeps it for undo",
                "restore onto a newly installed manager, or delete these first, or restore with force: then all of it is"
                        + " replaced, and kept until the next restore or snapshot for undo"));
    }

    /** The refusal where executions are under way; the same words as the product whose API we serve. */
    public static Optional<ManagerException> refusalForRunning(List<String> executionIds) {
        if (executionIds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ManagerException(
                ErrorCode.EXISTING_RUNNING_EXECUTION,
                "Cannot start execution because there are other executions running e.g.: "
                        + String.join(", ", executionIds),
                "wait for them, or cancel them"));
    }
}
