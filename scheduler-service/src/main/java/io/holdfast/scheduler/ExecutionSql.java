package io.holdfast.scheduler;

/** SQL that more than one feature needs to say the same thing about executions. */
public final class ExecutionSql {

    /** A worker has it or is about to. The literal list is what lets PostgreSQL use the partial indexes. */
    public static final String ACTIVE =
            "status IN ('pending', 'started', 'cancelling', 'force_cancelling', 'kill_cancelling')";

    /** System workflows beside which nothing else may start, as far as they are not over. */
    public static final String EXCLUSIVE_SYSTEM_WORKFLOW =
            "is_system_workflow AND workflow_id NOT IN ('create_snapshot', 'create_log_bundle')";

    /** Whether one of {@link #EXCLUSIVE_SYSTEM_WORKFLOW} is active or waits for its turn, in any tenant. */
    public static final String SYSTEM_WORKFLOW_BLOCKS = "EXISTS (SELECT FROM scheduler.executions WHERE "
            + EXCLUSIVE_SYSTEM_WORKFLOW
            + " AND status IN ('queued', 'pending', 'started', 'cancelling', 'force_cancelling', 'kill_cancelling'))";

    /** Who holds these of a transaction's advisory locks decides alone on what they stand for. */
    public static final String DEPLOYMENT_LOCK = "hashtextextended(tenant_name || '/' || deployment_id, 0)";

    public static final String KEY_LOCK = "hashtextextended(tenant_name || '/' || concurrency_key, 1)";

    public static final String TENANT_LOCK = "hashtextextended(tenant_name, 2)";

    /** The tenant's limits, where it has any that a start can meet; alias {@code l}. */
    public static final String LIMITED_TENANT =
            "scheduler.tenant_limits l ON l.tenant_name = %1$s.tenant_name AND (l.max_running IS NOT NULL OR l.starts_per_minute IS NOT NULL)";

    /** What makes a row pending under a new token; one bind: the lease in milliseconds. */
    public static final String HAND_OUT = "version = e.version + 1, dispatch_token = gen_random_uuid()::text,"
            + " dispatch_attempt = e.dispatch_attempt + 1, dispatched_at = statement_timestamp(), reason_code = NULL,"
            + " lease_until = statement_timestamp() + ? * interval '1 millisecond'";

    /** Columns of the outbox for {@link #START_COMMAND}. */
    public static final String OUTBOX_COLUMNS = "(message_id, type, aggregate_id, aggregate_version, tenant_name,"
            + " exchange, routing_key, payload, rebuildable)";

    /**
     * The start command of a row of executions, as {@code WorkflowCommand.StartExecution} has it. Its message id is the token: sent
     * again it is the same message, and a worker that had it drops it.
     */
    public static final String START_COMMAND = "dispatch_token::uuid, 'workflow.execution.start.v1', id, version,"
            + " tenant_name, 'holdfast.commands', 'workflow.execution.start', jsonb_build_object('executionId', id,"
            + " 'tenantName', tenant_name, 'workflowId', workflow_id, 'deploymentId', deployment_id,"
            + " 'deploymentDisplayName', deployment_display_name, 'blueprintId', blueprint_id, 'parameters',"
            + " CASE WHEN jsonb_typeof(parameters) = 'object' THEN parameters ELSE '{}'::jsonb END,"
            + " 'dryRun', is_dry_run, 'systemWorkflow', is_system_workflow, 'resume', resume, 'createdBy', created_by,"
            + " 'token', dispatch_token, 'epoch', restore_epoch, 'attempt', dispatch_attempt)"
            + " || CASE WHEN wait_after_fail IS NULL THEN '{}' ELSE jsonb_build_object('waitAfterFail', wait_after_fail) END,"
            + " true";

    /**
     * Says that the start commands of rows just handed out wait to be published; see {@code StartBatches}. Where it is taken from and
     * its order are formatted in. Answers how many, or no row where there are none.
     */
    public static final String START_BATCH = "INSERT INTO scheduler_control.start_batch (storage_ids)"
            + " SELECT array_agg(storage_id ORDER BY %2$s) FROM %1$s HAVING count(*) > 0"
            + " RETURNING cardinality(storage_ids) AS starts";

    /** Whose relay publishes start commands. */
    public static final String SERVICE = "scheduler";

    /** Wakes that relay when the transaction commits. */
    public static final String WAKE_RELAY = "pg_notify('holdfast_outbox', '" + SERVICE + "')";

    private ExecutionSql() {}
}
