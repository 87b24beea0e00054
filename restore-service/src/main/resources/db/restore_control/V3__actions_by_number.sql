-- The key of a decision was the execution's tenant and id, 80 bytes in random order: to enter it was more than half of what deciding on
-- 100,000 executions cost. Now it is a number that grows as the rule reads them.

ALTER TABLE ${schema}.restore_action DROP CONSTRAINT restore_action_pkey;
ALTER TABLE ${schema}.restore_action ADD COLUMN number bigint;
UPDATE ${schema}.restore_action a
   SET number = n.number
  FROM (SELECT restore_id, tenant_name, execution_id,
               row_number() OVER (PARTITION BY restore_id ORDER BY tenant_name, execution_id) AS number
          FROM ${schema}.restore_action) n
 WHERE n.restore_id = a.restore_id AND n.tenant_name = a.tenant_name AND n.execution_id = a.execution_id;
ALTER TABLE ${schema}.restore_action ALTER COLUMN number SET NOT NULL;
ALTER TABLE ${schema}.restore_action ADD PRIMARY KEY (restore_id, number);
COMMENT ON COLUMN ${schema}.restore_action.number IS
    'the staged execution''s storage_id, by which no execution is decided on twice; of a dry run, its place in the order of times';
