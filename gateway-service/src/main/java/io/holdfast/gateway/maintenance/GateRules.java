package io.holdfast.gateway.maintenance;

import io.holdfast.contracts.errors.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is refused while the gate is closed or closing. Source: cloudify-api section 3. */
public final class GateRules {

    /** The text of both refusals. */
    public static final String MESSAGE =
            "Your request was rejected since Cloudify manager is currently in maintenance mode";

    /** What the API has in {@code server_traceback} of both refusals; clients have seen it for years. */
    public static final String TRACEBACK = "NoneType: None\n";

    private static final Set<String> ALLOWED_WHILE_ACTIVATED = Set.of(
            "brokers",
            "managers",
            "db-nodes",
            "cluster",
            "config",
            "status",
            "version",
            "license",
            "maintenance",
            "cluster-status",
            "file-server-auth",
            "ok",
            "snapshots",
            "snapshot-status");

    private static final Set<String> WRITES = Set.of("POST", "PATCH", "PUT");

    private GateRules() {}

    /** @param segments of the path below the API's prefix; empty means that the request passes */
    public static Optional<ErrorCode> refusal(GateStatus status, String method, List<String> segments) {
        if (status == GateStatus.ACTIVATED && !ALLOWED_WHILE_ACTIVATED.contains(segments.get(0))) {
            return Optional.of(ErrorCode.MAINTENANCE_MODE_ACTIVE);
        }
        if (status == GateStatus.ACTIVATING && beginsSomething(method, segments)) {
            return Optional.of(ErrorCode.ENTERING_MAINTENANCE_MODE);
        }
        return Optional.empty();
    }

    private static boolean beginsSomething(String method, List<String> segments) {
        String first = segments.get(0);
        int depth = segments.size();
        if (first.equals("snapshots") && depth == 3 && segments.get(2).equals("restore")) {
            return true;
        }
        if (!WRITES.contains(method)) {
            return false;
        }
        return (first.equals("snapshots") && depth == 2)
                || (first.equals("executions") && depth == 1)
                || (first.equals("deployments") && depth == 2)
                || (first.equals("deployment-modifications") && depth == 1);
    }
}
