-- Which workflows there are is told by one deployment of those whose workflows have the same names, the newest.
ALTER TABLE ${inventory}.deployments ADD COLUMN workflow_names uuid
    GENERATED ALWAYS AS (md5(jsonb_path_query_array(workflows, '$[*].name')::text)::uuid) STORED;
COMMENT ON COLUMN ${inventory}.deployments.workflow_names IS 'the same where workflows have the same names in the same order; null: none yet';
CREATE INDEX deployments_workflow_names ON ${inventory}.deployments (tenant_name, workflow_names, storage_id);
CREATE INDEX deployments_global_workflow_names ON ${inventory}.deployments (workflow_names, storage_id) WHERE visibility = 'global';

-- What has changed below others is noted since status_changes.
DROP INDEX ${inventory}.deployments_above_others;
