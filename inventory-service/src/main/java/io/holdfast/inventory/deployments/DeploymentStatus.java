package io.holdfast.inventory.deployments;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of a whole deployment, as {@code deployment_status} shows it; worse ones later. */
public enum DeploymentStatus {
    GOOD,
    IN_PROGRESS,
    REQUIRES_ATTENTION;

    /** {@code installation_status} of a deployment of which every node instance is started. */
    public static final String ACTIVE = "active";

    public static final String INACTIVE = "inactive";

    /**
     * @param allStarted whether no node instance is in another state than {@code started}
     * @return {@link #ACTIVE} or {@link #INACTIVE}
     */
    public static String installation(boolean allStarted) {
        return allStarted ? ACTIVE : INACTIVE;
    }

    /**
     * @param latestExecution status of the newest execution, as deployments show it ({@link #shown})
     * @param installation {@link #ACTIVE} or {@link #INACTIVE}
     * @param below the statuses of services and environments below it; null ones count for nothing
     */
    public static DeploymentStatus of(String latestExecution, String installation, List<@Nullable String> below) {
        DeploymentStatus own = own(latestExecution, installation);
        return worst(below).filter(worst -> worst.compareTo(own) > 0).orElse(own);
    }

    /** @param statuses as they are shown; null ones, and words that this manager does not know, count for nothing */
    public static Optional<DeploymentStatus> worst(Collection<@Nullable String> statuses) {
        return statuses.stream()
                .filter(Objects::nonNull)
                .flatMap(text -> named(text).stream())
                .max(Comparator.naturalOrder());
    }

    private static DeploymentStatus own(String latestExecution, String installation) {
        return switch (latestExecution) {
            case "in_progress" -> IN_PROGRESS;
            case "failed" -> REQUIRES_ATTENTION;
            default -> ACTIVE.equals(installation) ? GOOD : REQUIRES_ATTENTION;
        };
    }

    public static Optional<DeploymentStatus> named(String text) {
        return Arrays.stream(values())
                .filter(status -> status.wireName().equals(text))
                .findFirst();
    }

    /** How a deployment shows the status of its newest execution. */
    public static String shown(String executionStatus) {
        return switch (executionStatus) {
            case "terminated" -> "completed";
            case "failed", "cancelled", "queued", "scheduled" -> executionStatus;
            default -> "in_progress";
        };
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
