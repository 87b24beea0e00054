-- What is still as slow as a table is long: the first page far from the beginning of a list, and how many groups a summary has after a change.

-- Beside how many rows there are in all, how many in each part of a list's default order, so that a page far from the beginning is looked
-- for in its own part only. Whoever adds or removes rows says it in the one row that is added here anyway; where these are added up, the
-- parts are kept apart under another name, which totals do not read. And which groups of a summary were changed, as long as it is known.
ALTER TABLE ${inventory}.row_counts ADD COLUMN place integer, ADD COLUMN grouped text;
ALTER TABLE ${scheduler}.row_counts ADD COLUMN place integer, ADD COLUMN grouped text;
COMMENT ON COLUMN ${inventory}.row_counts.of_table IS 'the counted table; with /places, what was added up in each part of its order';
COMMENT ON COLUMN ${inventory}.row_counts.place IS 'what the list is sorted by (seconds of the time, else the storage id) without its last 14 bits; null: rows of all parts';
COMMENT ON COLUMN ${inventory}.row_counts.grouped IS 'nodes.deployment_id, node_instances.deployment_id, deployments.blueprint_id of these rows; null: of several, or not known';

-- As V4 made it. TG_ARGV: the expressions for `apart`, `place` and `grouped`.
CREATE OR REPLACE FUNCTION ${access}.count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    keys  text;
    put   text;
    due   boolean;
    few   boolean;
    sign  constant integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
    parts constant text := TG_TABLE_NAME || '/places';
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('DELETE FROM %I.row_counts WHERE of_table IN ($1, $2)', TG_TABLE_SCHEMA) USING TG_TABLE_NAME::text, parts;
        RETURN NULL;
    END IF;
    IF TG_ARGV[2] <> 'NULL::text' AND TG_OP <> 'UPDATE' THEN
        -- A row for each group of a large statement would cost more than counting all groups once.
        few := NOT EXISTS (SELECT FROM changed OFFSET 64);
    END IF;
    IF TG_OP <> 'UPDATE' AND TG_TABLE_SCHEMA = 'scheduler' AND TG_TABLE_NAME = 'executions' THEN
        WITH added AS (
            INSERT INTO scheduler.row_counts (of_table, tenant_name, visibility, created_by, apart, place, rows)
            SELECT 'executions', r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END, r.is_system_workflow,
                   CASE WHEN isfinite(r.created_at) THEN (floor(date_part('epoch', r.created_at))::bigint >> 14)::integer
                        WHEN r.created_at < 'epoch' THEN -2147483648 ELSE 2147483647 END,
                   sign * count(*) FROM changed r GROUP BY 2, 3, 4, 5, 6 RETURNING id)
        SELECT bool_or(id % 256 = 0) INTO due FROM added;
    ELSIF TG_OP <> 'UPDATE' AND TG_TABLE_SCHEMA = 'scheduler' AND TG_TABLE_NAME = 'events' THEN
        WITH added AS (
            INSERT INTO scheduler.row_counts (of_table, tenant_name, visibility, created_by, place, rows)
            SELECT 'events', r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END,
                   CASE WHEN isfinite(r.timestamp) THEN (floor(date_part('epoch', r.timestamp))::bigint >> 14)::integer
                        WHEN r.timestamp < 'epoch' THEN -2147483648 ELSE 2147483647 END,
                   sign * count(*) FROM changed r GROUP BY 2, 3, 4, 5 RETURNING id)
        SELECT bool_or(id % 256 = 0) INTO due FROM added;
    ELSIF TG_OP <> 'UPDATE' AND TG_TABLE_SCHEMA = 'inventory' AND TG_TABLE_NAME IN ('nodes', 'node_instances') THEN
        WITH added AS (
            INSERT INTO inventory.row_counts (of_table, tenant_name, visibility, created_by, place, grouped, rows)
            SELECT TG_TABLE_NAME, r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END,
                   (r.storage_id >> 14)::integer,
                   CASE WHEN few THEN r.deployment_id END,
                   sign * count(*) FROM changed r GROUP BY 2, 3, 4, 5, 6 RETURNING id)
        SELECT bool_or(id % 256 = 0) INTO due FROM added;
    ELSIF TG_OP <> 'UPDATE' AND TG_TABLE_SCHEMA = 'inventory' AND TG_TABLE_NAME = 'deployments' THEN
        WITH added AS (
            INSERT INTO inventory.row_counts (of_table, tenant_name, visibility, created_by, place, grouped, rows)
            SELECT 'deployments', r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END,
                   CASE WHEN isfinite(r.created_at) THEN (floor(date_part('epoch', r.created_at))::bigint >> 14)::integer
                        WHEN r.created_at < 'epoch' THEN -2147483648 ELSE 2147483647 END,
                   CASE WHEN few THEN r.blueprint_id END,
                   sign * count(*) FROM changed r GROUP BY 2, 3, 4, 5, 6 RETURNING id)
        SELECT bool_or(id % 256 = 0) INTO due FROM added;
    ELSIF TG_OP <> 'UPDATE' AND TG_TABLE_SCHEMA = 'scheduler' THEN
        WITH added AS (
            INSERT INTO scheduler.row_counts (of_table, tenant_name, visibility, created_by, place, rows)
            SELECT TG_TABLE_NAME, r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END,
                   CASE WHEN isfinite(r.created_at) THEN (floor(date_part('epoch', r.created_at))::bigint >> 14)::integer
                        WHEN r.created_at < 'epoch' THEN -2147483648 ELSE 2147483647 END,
                   sign * count(*) FROM changed r GROUP BY 2, 3, 4, 5 RETURNING id)
        SELECT bool_or(id % 256 = 0) INTO due FROM added;
    ELSIF TG_OP <> 'UPDATE' AND TG_TABLE_SCHEMA = 'inventory' AND TG_TABLE_NAME <> 'plugins' AND TG_ARGV[0] = 'NULL::boolean' THEN
        WITH added AS (
            INSERT INTO inventory.row_counts (of_table, tenant_name, visibility, created_by, place, rows)
            SELECT TG_TABLE_NAME, r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END,
                   CASE WHEN isfinite(r.created_at) THEN (floor(date_part('epoch', r.created_at))::bigint >> 14)::integer
                        WHEN r.created_at < 'epoch' THEN -2147483648 ELSE 2147483647 END,
                   sign * count(*) FROM changed r GROUP BY 2, 3, 4, 5 RETURNING id)
        SELECT bool_or(id % 256 = 0) INTO due FROM added;
    ELSE
        keys := format(' r.tenant_name, r.visibility, CASE r.visibility WHEN ''private'' THEN r.created_by END, %s, %s, ', TG_ARGV[0], TG_ARGV[1]);
        put := format('INSERT INTO %I.row_counts (of_table, tenant_name, visibility, created_by, apart, place, grouped, rows)', TG_TABLE_SCHEMA);
        IF TG_OP = 'UPDATE' THEN
            keys := keys || TG_ARGV[2];
            EXECUTE put || ' SELECT $1,' || keys || ', -1 FROM (SELECT ($2).*) r' USING TG_TABLE_NAME::text, OLD;
            EXECUTE put || ' SELECT $1,' || keys || ', 1 FROM (SELECT ($2).*) r' USING TG_TABLE_NAME::text, NEW;
        ELSE
            keys := keys || CASE WHEN few THEN TG_ARGV[2] ELSE 'NULL::text' END;
            EXECUTE 'WITH added AS (' || put || ' SELECT $1,' || keys || ', $2 * count(*) FROM changed r GROUP BY 2, 3, 4, 5, 6, 7'
                    ' RETURNING id) SELECT bool_or(id % 256 = 0) FROM added' INTO due USING TG_TABLE_NAME::text, sign;
        END IF;
    END IF;
    -- At other levels of isolation, meeting a row that somebody has just added up is an error.
    IF due AND current_setting('transaction_isolation') = 'read committed' THEN
        EXECUTE format('WITH gone AS (DELETE FROM %1$I.row_counts WHERE id = ANY (ARRAY('
                       'SELECT c.id FROM %1$I.row_counts c WHERE c.of_table = $1 OR c.of_table = $2 AND c.place = ANY (ARRAY('
                       'SELECT d.place FROM %1$I.row_counts d WHERE d.of_table = $1)) FOR UPDATE SKIP LOCKED)) RETURNING *),'
                       ' of_all AS (INSERT INTO %1$I.row_counts (of_table, tenant_name, visibility, created_by, apart, rows)'
                       ' SELECT of_table, tenant_name, visibility, created_by, apart, sum(rows) FROM gone WHERE of_table = $1'
                       ' GROUP BY 1, 2, 3, 4, 5 HAVING sum(rows) <> 0)'
                       ' INSERT INTO %1$I.row_counts (of_table, tenant_name, visibility, created_by, apart, place, rows)'
                       ' SELECT $2, tenant_name, visibility, created_by, apart, place, sum(rows) FROM gone WHERE place IS NOT NULL'
                       ' GROUP BY 2, 3, 4, 5, 6 HAVING sum(rows) <> 0', TG_TABLE_SCHEMA) USING TG_TABLE_NAME::text, parts;
    END IF;
    RETURN NULL;
END $$;

-- Counts all rows and writes all ids, for a schema whose triggers were off.
CREATE OR REPLACE FUNCTION ${access}.recount_rows(of_schema text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted      record;
    search_index text;
BEGIN
    EXECUTE format('DELETE FROM %I.row_counts', of_schema);
    FOR counted IN
        SELECT c.relname AS name, t.tgnargs = 0 AS in_no_tenant, split_part(encode(t.tgargs, 'escape'), E'\\000', 1) AS apart,
               split_part(encode(t.tgargs, 'escape'), E'\\000', 2) AS place
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = of_schema AND t.tgname = 'count_rows_inserted'
    LOOP
        IF counted.in_no_tenant THEN
            EXECUTE format('INSERT INTO %1$I.row_counts (of_table, rows) SELECT %2$L, count(*) FROM %1$I.%2$I HAVING count(*) > 0',
                           of_schema, counted.name);
        ELSE
            EXECUTE format('WITH counted AS MATERIALIZED ('
                           'SELECT r.tenant_name, r.visibility, CASE r.visibility WHEN ''private'' THEN r.created_by END AS created_by,'
                           ' %3$s AS apart, %4$s AS place, count(*) AS rows FROM %1$I.%2$I r GROUP BY 1, 2, 3, 4, 5),'
                           ' of_all AS (INSERT INTO %1$I.row_counts (of_table, tenant_name, visibility, created_by, apart, rows)'
                           ' SELECT %2$L, tenant_name, visibility, created_by, apart, sum(rows) FROM counted GROUP BY 2, 3, 4, 5)'
                           ' INSERT INTO %1$I.row_counts (of_table, tenant_name, visibility, created_by, apart, place, rows)'
                           ' SELECT %2$L || ''/places'', tenant_name, visibility, created_by, apart, place, rows FROM counted',
                           of_schema, counted.name, counted.apart, counted.place);
        END IF;
    END LOOP;
    IF to_regclass(format('%I.value_counts', of_schema)) IS NOT NULL THEN
        EXECUTE format('DELETE FROM %I.value_counts', of_schema);
        FOR counted IN
            SELECT c.relname AS name, split_part(encode(t.tgargs, 'escape'), E'\\000', 1) AS apart,
                   split_part(encode(t.tgargs, 'escape'), E'\\000', 2) AS fields
              FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = of_schema AND t.tgname = 'count_values_inserted'
        LOOP
            EXECUTE format('INSERT INTO %1$I.value_counts (of_table, field, value, tenant_name, visibility, created_by, apart, rows)'
                           ' SELECT %2$L, f.field, f.value, r.tenant_name, r.visibility,'
                           ' CASE r.visibility WHEN ''private'' THEN r.created_by END, %3$s, count(*)'
                           ' FROM %1$I.%2$I r, LATERAL (%4$s) f (field, value) GROUP BY 2, 3, 4, 5, 6, 7',
                           of_schema, counted.name, counted.apart, counted.fields);
        END LOOP;
    END IF;
    IF to_regclass(format('%I.execution_ids', of_schema)) IS NOT NULL THEN
        -- Building an index once is several times cheaper than writing into it.
        search_index := pg_get_indexdef(to_regclass(format('%I.execution_ids_search', of_schema)));
        IF search_index IS NOT NULL THEN
            EXECUTE format('DROP INDEX %I.execution_ids_search', of_schema);
        END IF;
        EXECUTE format('DELETE FROM %I.execution_ids', of_schema);
        EXECUTE format('INSERT INTO %1$I.execution_ids (storage_id, id) SELECT r.storage_id, r.id FROM %1$I.executions r', of_schema);
        IF search_index IS NOT NULL THEN
            EXECUTE search_index;
        END IF;
    END IF;
END $$;

DO $do$
DECLARE
    counted  record;
    places   text;
    argument text;
    keys     text[];
BEGIN
    FOR counted IN
        SELECT schema, name, sorted, apart, grouped, watched FROM (VALUES
            ('${inventory}', 'created_at', ARRAY['sites', 'secrets_providers', 'secrets', 'deployment_groups', 'agents',
                'inter_deployment_dependencies', 'deployment_updates', 'plugins_updates', 'deployments_filters', 'blueprints_filters'],
                NULL, NULL, ARRAY[]::text[]),
            ('${inventory}', 'created_at', ARRAY['blueprints'], 'is_hidden', NULL, ARRAY[]::text[]),
            ('${inventory}', 'created_at', ARRAY['deployments'], NULL, 'blueprint_id', ARRAY['blueprint_id']),
            ('${inventory}', 'storage_id', ARRAY['plugins'], NULL, NULL, ARRAY[]::text[]),
            ('${inventory}', 'storage_id', ARRAY['nodes'], NULL, 'deployment_id', ARRAY['deployment_id']),
            ('${inventory}', 'storage_id', ARRAY['node_instances'], NULL, 'deployment_id', ARRAY['deployment_id', 'node_id', 'host_id']),
            ('${scheduler}', 'created_at', ARRAY['executions'], 'is_system_workflow', NULL, ARRAY['deployment_id', 'blueprint_id']),
            ('${scheduler}', 'created_at', ARRAY['execution_groups', 'execution_schedules'], NULL, NULL, ARRAY[]::text[]),
            ('${scheduler}', 'timestamp', ARRAY['events'], NULL, NULL, ARRAY[]::text[])
        ) tables (schema, sorted, names, apart, grouped, watched), unnest(names) AS name
    LOOP
        places := CASE counted.sorted WHEN 'storage_id' THEN '(r.storage_id >> 14)::integer' ELSE format(
            'CASE WHEN isfinite(r.%1$I) THEN (floor(date_part(''epoch'', r.%1$I))::bigint >> 14)::integer'
            ' WHEN r.%1$I < ''epoch'' THEN -2147483648 ELSE 2147483647 END', counted.sorted) END;
        argument := format('%L, %L, %L', coalesce('r.' || counted.apart, 'NULL::boolean'), places,
                           coalesce('r.' || counted.grouped, 'NULL::text'));
        EXECUTE format('CREATE OR REPLACE TRIGGER count_rows_inserted AFTER INSERT ON %1$I.%2$I REFERENCING NEW TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION ${access}.count_rows(%3$s)', counted.schema, counted.name, argument);
        EXECUTE format('CREATE OR REPLACE TRIGGER count_rows_deleted AFTER DELETE ON %1$I.%2$I REFERENCING OLD TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION ${access}.count_rows(%3$s)', counted.schema, counted.name, argument);
        EXECUTE format('CREATE OR REPLACE TRIGGER count_rows_truncated AFTER TRUNCATE ON %1$I.%2$I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION ${access}.count_rows(%3$s)', counted.schema, counted.name, argument);
        -- What a row is counted by, its place, and what V10 has it counted anew for: once, whichever of them change.
        keys := ARRAY['tenant_name', 'visibility', 'created_by'] || counted.apart || counted.watched || counted.sorted;
        keys := array_remove(keys, NULL);
        IF counted.watched <> '{}' THEN
            EXECUTE format('DROP TRIGGER count_rows_regrouped ON %I.%I', counted.schema, counted.name);
        END IF;
        EXECUTE format('CREATE OR REPLACE TRIGGER count_rows_updated AFTER UPDATE OF %4$s ON %1$I.%2$I'
                       ' FOR EACH ROW WHEN ((OLD.%5$s) IS DISTINCT FROM (NEW.%6$s)) EXECUTE FUNCTION ${access}.count_rows(%3$s)',
                       counted.schema, counted.name, argument, array_to_string(keys, ', '), array_to_string(keys, ', OLD.'),
                       array_to_string(keys, ', NEW.'));
    END LOOP;
END $do$;

SELECT ${access}.recount_rows('${inventory}');
SELECT ${access}.recount_rows('${scheduler}');
