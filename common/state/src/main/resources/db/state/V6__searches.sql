-- What searches for a part of an id or name, lists of what did not succeed, and lists of labels' keys need to look at no more rows than
-- they show.

DO $do$
DECLARE
    trigrams text;
    searched record;
BEGIN
    -- Not every server has what PostgreSQL brings beside itself; without it a search looks at all rows, and finds the same.
    IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
        RAISE WARNING 'the extension pg_trgm is not there: searches of long lists will be slow';
        RETURN;
    END IF;
    -- In no schema of ours: a restore replaces these.
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
        CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    END IF;
    SELECT format('%I.gin_trgm_ops', n.nspname) INTO trigrams
      FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
    -- Of things that change seldom. Executions and node instances do not: each change of status would write the trigrams again.
    FOR searched IN
        SELECT * FROM (VALUES
            ('${access}', 'users', 'username %s'), ('${access}', 'user_groups', 'name %s'),
            ('${inventory}', 'blueprints', 'id %s'), ('${inventory}', 'deployments', 'id %s, display_name %s'),
            ('${inventory}', 'deployment_groups', 'id %s'), ('${inventory}', 'plugins', 'package_name %s'),
            ('${inventory}', 'secrets', 'key %s'), ('${inventory}', 'sites', 'name %s')) tables (schema, name, columns)
    LOOP
        EXECUTE format('CREATE INDEX %2$s_search ON %1$I.%2$I USING gin (', searched.schema, searched.name)
                || replace(searched.columns, '%s', trigrams) || ')';
    END LOOP;
END $do$;

-- Those that people look for. Most executions never come in here, so that it costs them nothing.
CREATE INDEX executions_unsuccessful ON ${scheduler}.executions (tenant_name, status, created_at, storage_id)
    INCLUDE (visibility, created_by, is_system_workflow) WHERE status IN ('failed', 'cancelled');

-- Which keys labels have: the next one behind the last one.
CREATE INDEX deployment_labels_keys ON ${inventory}.deployment_labels (tenant_name, key, deployment_id);
CREATE INDEX blueprint_labels_keys ON ${inventory}.blueprint_labels (tenant_name, key, blueprint_id);
