-- The newest execution of a deployment that does not wait is one that is active or one that has ended: neither is found among those
-- that are queued, of which there may be very many.
DROP INDEX ${scheduler}.executions_active;
CREATE INDEX executions_active ON ${scheduler}.executions (tenant_name, deployment_id, created_at, storage_id)
    WHERE status IN ('pending', 'started', 'cancelling', 'force_cancelling', 'kill_cancelling');
CREATE INDEX executions_ended ON ${scheduler}.executions (tenant_name, deployment_id, created_at, storage_id)
    WHERE deployment_id IS NOT NULL AND status IN ('terminated', 'failed', 'cancelled');
