-- Entries that were written down elsewhere, and are carried over (POST /audit): what only this manager knows of a request is not known of them.

ALTER TABLE ${schema}.audit_log
    ALTER COLUMN creator_name DROP NOT NULL,
    ALTER COLUMN auth_method DROP NOT NULL,
    ALTER COLUMN method DROP NOT NULL,
    ALTER COLUMN path DROP NOT NULL,
    ADD COLUMN ref_identifier jsonb;
COMMENT ON COLUMN ${schema}.audit_log.ref_identifier IS 'what identifies the thing, where that is not said by ref_table, ref_id and tenant_name';
COMMENT ON COLUMN ${schema}.audit_log.method IS 'null of an entry that was carried over from another log';
