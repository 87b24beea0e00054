-- What the restore-service knows of restores. Never in an archive: a restored record of a restore would be a lie.

CREATE TABLE ${schema}.restores (
    id                  text PRIMARY KEY,
    snapshot_id         text NOT NULL,
    tenant_name         text NOT NULL,
    requested_by        text NOT NULL,
    requested_at        timestamptz NOT NULL,
    options             text NOT NULL,
    hash_salt_enc       text,
    dry_run             boolean NOT NULL DEFAULT false,
    status              text NOT NULL CHECK (status IN ('requested', 'staging', 'verifying', 'swapping', 'completed', 'failed')),
    phase               text,
    bytes_expected      bigint NOT NULL DEFAULT 0,
    bytes_done          bigint NOT NULL DEFAULT 0,
    rows_done           bigint NOT NULL DEFAULT 0,
    counts              text,
    warnings            text,
    source              text,
    error               text,
    error_code          text,
    hint                text,
    t0                  timestamptz,
    epoch               bigint,
    started_at          timestamptz,
    ended_at            timestamptz,
    claim_token         text,
    heartbeat_at        timestamptz,
    gate_held           boolean NOT NULL DEFAULT false,
    lines_logged        boolean NOT NULL DEFAULT true,
    undo_state          text NOT NULL DEFAULT 'none' CHECK (undo_state IN ('none', 'available', 'undone', 'discarded'))
);
COMMENT ON COLUMN ${schema}.restores.id IS 'also the id of its restore_snapshot execution';
COMMENT ON COLUMN ${schema}.restores.options IS 'JSON of the request, without the hash salt';
COMMENT ON COLUMN ${schema}.restores.hash_salt_enc IS 'sealed; removed when the restore ends';
COMMENT ON COLUMN ${schema}.restores.claim_token IS 'fences the worker that runs it; null: nobody yet';
COMMENT ON COLUMN ${schema}.restores.gate_held IS 'the maintenance gate may be held for this restore and has to be left';
COMMENT ON COLUMN ${schema}.restores.lines_logged IS 'false between the commit of the swap and its log lines';
-- The staged schemas are one place, so there is one restore at a time.
CREATE UNIQUE INDEX restores_one_at_a_time ON ${schema}.restores ((true)) WHERE status NOT IN ('completed', 'failed');
CREATE INDEX restores_requested_at ON ${schema}.restores (requested_at);

-- What the restore rule decided about each execution that had not ended. The key makes a restore's rule repeatable.
CREATE TABLE ${schema}.restore_action (
    restore_id    text NOT NULL REFERENCES ${schema}.restores (id) ON DELETE CASCADE,
    tenant_name   text NOT NULL,
    execution_id  text NOT NULL,
    workflow_id   text NOT NULL,
    from_status   text NOT NULL,
    fate          text NOT NULL CHECK (fate IN ('rescheduled', 'overdue', 'invalid_schedule', 'queued', 'cancelled', 'terminated')),
    scheduled_for timestamptz,
    text          text,
    PRIMARY KEY (restore_id, tenant_name, execution_id)
);

-- Grows with every restore and every undo; messages of lower epochs are stale.
CREATE TABLE ${schema}.epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    value    bigint NOT NULL
);
INSERT INTO ${schema}.epoch (value) VALUES (0);
