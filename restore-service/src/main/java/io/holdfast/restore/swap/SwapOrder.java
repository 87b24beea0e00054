package io.holdfast.restore.swap;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the swap needs to know of its restore.
 *
 * @param restoreId also the id of its {@code restore_snapshot} execution
 * @param tenantName tenant of that execution; {@code default_tenant} takes it where the restored state lacks the tenant
 * @param parametersJson of that execution, a JSON object without secrets
 * @param claimToken of the worker; a swap without the claim does not commit
 * @param snapshotCreatedAt the instant that the archive shows, null if it does not say
 * @param sourceInstallation the installation that the archive is of, null if it does not say
 * @param ownProduct whether the archive was made by this product: others do not carry our roles' permissions
 * @param acceptClockSkew whether T0 may be the snapshot's own instant where this database's clock is behind it
 * @param patience how long to wait for the live tables
 */
public record SwapOrder(
        String restoreId,
        String snapshotId,
        String tenantName,
        String requestedBy,
        Instant requestedAt,
        String parametersJson,
        String claimToken,
        @Nullable Instant snapshotCreatedAt,
        @Nullable String sourceInstallation,
        @Nullable String createExecutionId,
        boolean ownProduct,
        boolean acceptClockSkew,
        Duration patience) {

    public SwapOrder {
        Objects.requireNonNull(restoreId);
        Objects.requireNonNull(snapshotId);
        Objects.requireNonNull(tenantName);
        Objects.requireNonNull(requestedBy);
        Objects.requireNonNull(requestedAt);
        Objects.requireNonNull(parametersJson);
        Objects.requireNonNull(claimToken);
        Objects.requireNonNull(patience);
    }
}
