-- The first secret of a manager makes its data key; the service that seals values does so.
GRANT INSERT ON ${access}.encryption_keys TO holdfast_inventory;

ALTER TABLE ${inventory}.plugins ADD COLUMN installation_state jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN ${inventory}.plugins.installation_state IS
    'what managers and agents said last: [{"manager" or "agent", "state", "error"}]';
