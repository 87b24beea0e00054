-- What waits for the same concurrency key, in the order of its turns: of a group's ten thousand executions, each end lets a few go.
CREATE INDEX executions_queued_key ON ${scheduler}.executions (tenant_name, concurrency_key, priority DESC, created_at, storage_id)
    WHERE status = 'queued' AND concurrency_key IS NOT NULL;
