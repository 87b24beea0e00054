package io.holdfast.cli;

import io.holdfast.contracts.errors.ErrorCode;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Exit codes, documented in {@code docs/cli.md} and {@code --help}: scripts rely on them. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;

    /** A check before the work said no: nothing was changed. */
    static final int REFUSED = 4;

    /** Something else stands in the way: a duplicate, another operation. */
    static final int CONFLICT = 5;

    /** Waiting took too long; the operation goes on. */
    static final int TIMEOUT = 6;

    static final int UNAUTHORIZED = 7;
    static final int UNREACHABLE = 8;

    /** The cluster works with less than it should, or has no active node at present. */
    static final int DEGRADED = 10;

    static final int SPLIT_BRAIN = 11;

    private ExitCode() {}

    private static final Map<String, ErrorCode> BY_WIRE_CODE =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(ErrorCode::wireCode, Function.identity()));

    /**
     * For what the manager answered.
     *
     * @param status of the answer; 0 where there is none
     * @param wireCode its {@code error_code}; what is no such code counts as none, as proxies answer without
     */
    static int of(int status, String wireCode) {
        @Nullable ErrorCode code = BY_WIRE_CODE.get(wireCode);
        return code == null ? of(status) : of(code);
    }

    /** Without a default: a new error has to be given its place. */
    static int of(ErrorCode code) {
        return switch (code) {
            case BAD_PARAMETERS,
                    NO_SUCH_INCLUDE_FIELD,
                    INVALID_FILTER_RULE,
                    UNSUPPORTED_CONTENT_TYPE,
                    PAYLOAD_TOO_LARGE,
                    UNKNOWN_ACTION,
                    UNKNOWN_REQUEST_TYPE,
                    PARAM_URL_NOT_FOUND,
                    ILLEGAL_EXECUTION_PARAMETERS,
                    MISSING_REQUIRED_DEPLOYMENT_INPUT,
                    UNKNOWN_DEPLOYMENT_INPUT,
                    DEPLOYMENT_INPUT_EVALUATION,
                    CONSTRAINT,
                    RANGE_NOT_SATISFIABLE,
                    STORAGE -> USAGE;
            case NOT_FOUND, DEPLOYMENT_PARENT_NOT_FOUND, NONEXISTENT_WORKFLOW, COMMUNITY_ONLY -> NOT_FOUND;
            case SNAPSHOT_ACTION,
                    LOG_BUNDLE_ACTION,
                    ILLEGAL_ACTION,
                    INVALID_EXECUTION_STATUS_UPDATE,
                    UNAVAILABLE_WORKFLOW,
                    INVALID_PLUGIN,
                    INVALID_BLUEPRINT,
                    INVALID_ARCHIVE,
                    DEPLOYMENT_CREATION,
                    DEPLOYMENT_PLUGIN_NOT_FOUND,
                    UNKNOWN_DEPLOYMENT_SECRET,
                    DEPLOYMENT_MODIFICATION_ALREADY_ENDED,
                    MANAGER_NOT_CLEAN,
                    CLOCK_BEHIND_SNAPSHOT,
                    CLOCKS_DISAGREE,
                    INSUFFICIENT_STORAGE -> REFUSED;
            case CONFLICT,
                    EXISTING_RUNNING_EXECUTION,
                    EXISTING_STARTED_DEPLOYMENT_MODIFICATION,
                    DEPLOYMENT_ENVIRONMENT_CREATION_PENDING,
                    DEPLOYMENT_ENVIRONMENT_CREATION_IN_PROGRESS,
                    DEPENDENT_EXISTS,
                    PLUGIN_IN_USE,
                    BLUEPRINT_IN_USE,
                    MAINTENANCE_MODE_ACTIVE,
                    ENTERING_MAINTENANCE_MODE,
                    IN_SNAPSHOT_RESTORE,
                    IDEMPOTENCY_CONFLICT,
                    RATE_LIMIT -> CONFLICT;
            case UNAUTHORIZED, FORBIDDEN, ONLY_DEPLOYMENT_UPDATE -> UNAUTHORIZED;
            case SERVICE_UNAVAILABLE -> UNREACHABLE;
            case METHOD_NOT_ALLOWED,
                    PLUGINS_UPDATE_FAILED,
                    DEPLOYMENT_OUTPUTS_EVALUATION,
                    DEPLOYMENT_CAPABILITIES_EVALUATION,
                    FUNCTIONS_EVALUATION,
                    EXPIRED,
                    INTERNAL_SERVER -> FAILED;
        };
    }

    private static int of(int status) {
        return switch (status) {
            case 400 -> USAGE;
            case 401, 403 -> UNAUTHORIZED;
            case 404 -> NOT_FOUND;
            case 409 -> CONFLICT;
            case 502, 503 -> UNREACHABLE;
            case 504 -> TIMEOUT;
            default -> FAILED;
        };
    }
}
