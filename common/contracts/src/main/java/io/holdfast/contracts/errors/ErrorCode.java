package io.holdfast.contracts.errors;

/**
 * Every error code that a client can meet, with its HTTP status. The wire codes are those of the manager API v3.1 where it has one;
 * the others are ours (archives, storage). The only mapping table of codes to statuses.
 */
public enum ErrorCode {
    BAD_PARAMETERS("bad_parameters_error", 400, "Bad parameters"),
    NO_SUCH_INCLUDE_FIELD("no_such_include_field_error", 400, "No such field"),
    UNAUTHORIZED("unauthorized_error", 401, "Unauthorized"),
    FORBIDDEN("forbidden_error", 403, "Forbidden"),
    ONLY_DEPLOYMENT_UPDATE("only_deployment_update", 403, "Only an update of the deployment may do this"),
    NOT_FOUND("not_found_error", 404, "Not found"),
    METHOD_NOT_ALLOWED("method_not_allowed_error", 405, "Method not allowed"),
    CONFLICT("conflict_error", 409, "Conflict"),
    UNSUPPORTED_CONTENT_TYPE("unsupported_content_type_error", 415, "Unsupported content type"),
    SNAPSHOT_ACTION("snapshot_action_error", 400, "Snapshot action refused"),
    LOG_BUNDLE_ACTION("log_bundle_action_error", 400, "Log bundle action refused"),
    EXISTING_RUNNING_EXECUTION("existing_running_execution_error", 400, "Another execution is running"),
    ILLEGAL_ACTION("illegal_action_error", 400, "Illegal action"),
    ILLEGAL_EXECUTION_PARAMETERS("illegal_execution_parameters_error", 400, "Illegal execution parameters"),
    INVALID_EXECUTION_STATUS_UPDATE("invalid_exception_status_update", 400, "Illegal execution status change"),
    NONEXISTENT_WORKFLOW("nonexistent_workflow_error", 400, "No such workflow"),
    UNAVAILABLE_WORKFLOW("unavailable_workflow_error", 400, "Workflow not available"),
    INVALID_FILTER_RULE("invalid_filter_rule", 400, "Invalid filter rule"),
    DEPLOYMENT_PARENT_NOT_FOUND("deployment_parent_not_found_error", 404, "Parent deployment not found"),
    PLUGIN_IN_USE("plugin_in_use", 405, "Plugin in use"),
    BLUEPRINT_IN_USE("blueprint_in_use", 405, "Blueprint in use"),
    DEPENDENT_EXISTS("dependent_exists_error", 400, "Others depend on it"),
    INVALID_PLUGIN("invalid_plugin_error", 400, "Invalid plugin"),
    INVALID_BLUEPRINT("invalid_blueprint_error", 400, "Invalid blueprint"),
    PLUGINS_UPDATE_FAILED("plugins_update_failed", 400, "Plugins update failed"),
    EXISTING_STARTED_DEPLOYMENT_MODIFICATION(
            "existing_started_deployment_modification_error", 400, "Another modification is under way"),
    DEPLOYMENT_MODIFICATION_ALREADY_ENDED(
            "deployment_modification_already_ended_error", 400, "The modification has ended"),
    PARAM_URL_NOT_FOUND("param_url_not_found_error", 400, "URL not found"),
    DEPLOYMENT_CREATION("deployment_creation_error", 400, "Deployment not created"),
    DEPLOYMENT_ENVIRONMENT_CREATION_PENDING(
            "deployment_environment_creation_pending_error", 400, "Deployment not created yet"),
    DEPLOYMENT_ENVIRONMENT_CREATION_IN_PROGRESS(
            "deployment_environment_creation_in_progress_error", 400, "Deployment being created"),
    DEPLOYMENT_PLUGIN_NOT_FOUND("deployment_plugin_not_found", 400, "Plugin not found"),
    MISSING_REQUIRED_DEPLOYMENT_INPUT("missing_required_deployment_input_error", 400, "Input missing"),
    UNKNOWN_DEPLOYMENT_INPUT("unknown_deployment_input_error", 400, "Unknown input"),
    DEPLOYMENT_INPUT_EVALUATION("deployment_input_evaluation_error", 400, "Input not valid"),
    CONSTRAINT("constraint_error", 400, "Constraint violated"),
    UNKNOWN_DEPLOYMENT_SECRET("unknown_deployment_secret_error", 400, "Unknown secret"),
    DEPLOYMENT_OUTPUTS_EVALUATION("deployment_outputs_evaluation_error", 400, "Outputs cannot be evaluated"),
    DEPLOYMENT_CAPABILITIES_EVALUATION(
            "deployment_capabilities_evaluation_error", 400, "Capabilities cannot be evaluated"),
    UNKNOWN_ACTION("unknown_action", 400, "Unknown action"),
    COMMUNITY_ONLY("community_only_error", 404, "Only in the community edition"),
    FUNCTIONS_EVALUATION("functions_evaluation_error", 400, "Functions cannot be evaluated"),
    MAINTENANCE_MODE_ACTIVE("maintenance_mode_active", 503, "Maintenance mode"),
    ENTERING_MAINTENANCE_MODE("entering_maintenance_mode", 503, "Entering maintenance mode"),
    IN_SNAPSHOT_RESTORE("in_snapshot_restore_error", 503, "Snapshot restore in progress"),
    INVALID_ARCHIVE("invalid_snapshot_archive_error", 400, "Not a readable snapshot archive"),
    MANAGER_NOT_CLEAN("manager_not_clean_error", 400, "Manager is not clean"),
    CLOCK_BEHIND_SNAPSHOT("clock_behind_snapshot_error", 400, "The clock is behind the snapshot"),
    CLOCKS_DISAGREE("clocks_disagree_error", 409, "The clocks of manager and database disagree"),
    UNKNOWN_REQUEST_TYPE("unknown_request_type_error", 400, "Unknown type of request"),
    EXPIRED("expired_error", 408, "Expired"),
    IDEMPOTENCY_CONFLICT("idempotency_conflict_error", 409, "Another request under the same key"),
    RATE_LIMIT("rate_limit_error", 429, "Too many requests"),
    PAYLOAD_TOO_LARGE("payload_too_large_error", 413, "Too large"),
    INSUFFICIENT_STORAGE("insufficient_storage_error", 507, "Not enough space"),
    RANGE_NOT_SATISFIABLE("range_not_satisfiable_error", 416, "Range not satisfiable"),
    SERVICE_UNAVAILABLE("service_unavailable_error", 503, "Service not available"),
    STORAGE("storage_error", 409, "The database refuses it"),
    INTERNAL_SERVER("internal_server_error", 500, "Internal error");

    private final String wireCode;
    private final int httpStatus;
    private final String title;

    ErrorCode(String wireCode, int httpStatus, String title) {
        this.wireCode = wireCode;
        this.httpStatus = httpStatus;
        this.title = title;
    }

    /** The code that fits a status best, for answers that carry none, or one that is not known here. */
    public static ErrorCode ofStatus(int status) {
        if (status == SERVICE_UNAVAILABLE.httpStatus) {
            return SERVICE_UNAVAILABLE; // the others of this status say why
        }
        for (ErrorCode code : values()) {
            if (code.httpStatus == status) {
                return code;
            }
        }
        return status >= 500 ? INTERNAL_SERVER : BAD_PARAMETERS;
    }

    /** The value of {@code error_code} in answers. */
    public String wireCode() {
        return wireCode;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** Short and fixed: the same for every error of this code. */
    public String title() {
        return title;
    }
}
