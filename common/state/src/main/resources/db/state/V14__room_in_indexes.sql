-- Each change of an execution's status writes an entry beside the one it had. These two are filled in order, so that their pages were full
-- then: PostgreSQL looked through each for entries to throw away, or split it. The others are half empty as they are.
ALTER INDEX ${scheduler}.executions_storage_id_key SET (fillfactor = 45);
ALTER INDEX ${scheduler}.executions_page SET (fillfactor = 45);
