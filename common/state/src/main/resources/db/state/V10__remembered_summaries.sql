-- What services need to remember summaries by fields of which nearly each row has a value of its own, and to count their groups without
-- reading the rows.

-- Numbers of rows do not change with these fields. So that a service sees that something has, the row is counted off and counted again.
-- Statements that change nothing of them cost nothing, and where the row changes hands as well, count_rows_updated has done it.
DO $do$
DECLARE
    counted record;
BEGIN
    FOR counted IN
        SELECT schema, name, apart, ARRAY['tenant_name', 'visibility', 'created_by'] || more AS keys, fields FROM (VALUES
            ('${inventory}', 'deployments', 'NULL::boolean', ARRAY[]::text[], ARRAY['blueprint_id']),
            ('${inventory}', 'nodes', 'NULL::boolean', ARRAY[]::text[], ARRAY['deployment_id']),
            ('${inventory}', 'node_instances', 'NULL::boolean', ARRAY[]::text[], ARRAY['deployment_id', 'node_id', 'host_id']),
            ('${scheduler}', 'executions', 'r.is_system_workflow', ARRAY['is_system_workflow'], ARRAY['deployment_id', 'blueprint_id'])
        ) tables (schema, name, apart, more, fields)
    LOOP
        EXECUTE format('CREATE TRIGGER count_rows_regrouped AFTER UPDATE OF %4$s ON %1$I.%2$I'
                       ' FOR EACH ROW WHEN ((OLD.%5$s) IS DISTINCT FROM (NEW.%6$s)'
                       ' AND (OLD.%7$s) IS NOT DISTINCT FROM (NEW.%8$s))'
                       ' EXECUTE FUNCTION ${access}.count_rows(%3$L)',
                       counted.schema, counted.name, counted.apart, array_to_string(counted.fields, ', '),
                       array_to_string(counted.fields, ', OLD.'), array_to_string(counted.fields, ', NEW.'),
                       array_to_string(counted.keys, ', OLD.'), array_to_string(counted.keys, ', NEW.'));
    END LOOP;
END $do$;

-- The deployments of each blueprint in a tenant, counted in the index.
DROP INDEX ${inventory}.deployments_blueprint;
CREATE INDEX deployments_blueprint ON ${inventory}.deployments (blueprint_id, tenant_name);
