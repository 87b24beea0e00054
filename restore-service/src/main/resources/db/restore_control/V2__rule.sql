-- What the restore rule went by, and what the state before a restore said already.

ALTER TABLE ${schema}.restores
    ADD COLUMN overdue_grace_ms    bigint,
    ADD COLUMN snapshot_created_at timestamptz,
    ADD COLUMN source_installation text,
    ADD COLUMN missed_schedules    bigint;
COMMENT ON COLUMN ${schema}.restores.t0 IS 'the one instant that the restore rule compared with';
COMMENT ON COLUMN ${schema}.restores.overdue_grace_ms IS 'overdue is what was scheduled for t0 less this, or before';
COMMENT ON COLUMN ${schema}.restores.snapshot_created_at IS 'the instant that the archive shows; null: it does not say';
COMMENT ON COLUMN ${schema}.restores.source_installation IS 'the installation that the archive is of; null: it does not say';
COMMENT ON COLUMN ${schema}.restores.missed_schedules IS 'schedules whose next occurrence had passed at t0';

ALTER TABLE ${schema}.restore_action ADD COLUMN known_before boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ${schema}.restore_action.known_before IS
    'the state that was replaced said the same of the execution: nobody is told again, by log or event';

-- Restores are never deleted, and all decisions of one are written by one statement: to look the restore up for each of 100,000 rows
-- was a good part of the rule's time.
ALTER TABLE ${schema}.restore_action DROP CONSTRAINT restore_action_restore_id_fkey;
