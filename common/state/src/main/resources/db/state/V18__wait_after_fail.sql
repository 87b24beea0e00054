-- Only of executions whose requests asked for another time than the usual one: nothing is written for the others, and no index has it.
ALTER TABLE ${scheduler}.executions ADD COLUMN wait_after_fail integer;
COMMENT ON COLUMN ${scheduler}.executions.wait_after_fail IS 'seconds that its worker lets what runs go on after an operation failed; null: 600';
