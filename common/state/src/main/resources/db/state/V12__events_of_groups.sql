-- Events of an execution group are read in the order in which they were reported, as those of an execution are. Few events are of a group
-- itself: the others are not in the index, and cost nothing when they are written.
CREATE INDEX events_execution_group ON ${scheduler}.events (tenant_name, execution_group_id, reported_timestamp, storage_id)
    WHERE execution_group_id IS NOT NULL;
