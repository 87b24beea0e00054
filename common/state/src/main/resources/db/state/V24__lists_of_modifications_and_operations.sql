-- Lists of deployment modifications as V4 and V11 made others: counted, with their places, and each page read from an index.
DO $do$
DECLARE
    -- The expressions for `apart`, `place` and `grouped`.
    arguments constant text := format('%L, %L, %L', 'NULL::boolean',
        'CASE WHEN isfinite(r.created_at) THEN (floor(date_part(''epoch'', r.created_at))::bigint >> 14)::integer'
        ' WHEN r.created_at < ''epoch'' THEN -2147483648 ELSE 2147483647 END', 'NULL::text');
BEGIN
    EXECUTE format('CREATE TRIGGER count_rows_inserted AFTER INSERT ON ${inventory}.deployment_modifications REFERENCING NEW TABLE AS changed'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION ${access}.count_rows(%s)', arguments);
    EXECUTE format('CREATE TRIGGER count_rows_deleted AFTER DELETE ON ${inventory}.deployment_modifications REFERENCING OLD TABLE AS changed'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION ${access}.count_rows(%s)', arguments);
    EXECUTE format('CREATE TRIGGER count_rows_truncated AFTER TRUNCATE ON ${inventory}.deployment_modifications'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION ${access}.count_rows(%s)', arguments);
    EXECUTE format('CREATE TRIGGER count_rows_updated AFTER UPDATE OF tenant_name, visibility, created_by, created_at'
                   ' ON ${inventory}.deployment_modifications FOR EACH ROW'
                   ' WHEN ((OLD.tenant_name, OLD.visibility, OLD.created_by, OLD.created_at)'
                   ' IS DISTINCT FROM (NEW.tenant_name, NEW.visibility, NEW.created_by, NEW.created_at))'
                   ' EXECUTE FUNCTION ${access}.count_rows(%s)', arguments);
END $do$;
CREATE INDEX deployment_modifications_page ON ${inventory}.deployment_modifications (tenant_name, created_at, number)
    INCLUDE (visibility, created_by);
CREATE INDEX deployment_modifications_global ON ${inventory}.deployment_modifications (created_at, number) WHERE visibility = 'global';
INSERT INTO ${inventory}.row_counts (of_table, tenant_name, visibility, created_by, rows)
SELECT 'deployment_modifications', r.tenant_name, r.visibility, CASE r.visibility WHEN 'private' THEN r.created_by END, count(*)
  FROM ${inventory}.deployment_modifications r GROUP BY 2, 3, 4;

-- Tasks graphs and their operations are listed by execution or graph, in a tenant; global ones of others are few.
CREATE INDEX tasks_graphs_global ON ${scheduler}.tasks_graphs (execution_id, storage_id) WHERE visibility = 'global';
CREATE INDEX operations_global ON ${scheduler}.operations (tasks_graph_id, storage_id) WHERE visibility = 'global';
