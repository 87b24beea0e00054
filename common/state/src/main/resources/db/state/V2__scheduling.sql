-- What decides when executions run: priorities, limits, recurring schedules with their zone and policies, and what became of each
-- occurrence.

ALTER TABLE ${scheduler}.executions
    ADD COLUMN priority        smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
    ADD COLUMN concurrency_key text,
    ADD COLUMN parallel        boolean NOT NULL DEFAULT false,
    ADD COLUMN schedule_id     text,
    ADD COLUMN occurrence_at   timestamptz,
    ADD COLUMN dispatched_at   timestamptz,
    ADD COLUMN changed_by      text;
COMMENT ON COLUMN ${scheduler}.executions.priority IS '0 to 9; among what is due at the same time the higher goes first';
COMMENT ON COLUMN ${scheduler}.executions.concurrency_key IS 'at most concurrency_limits.max_running of the tenant''s executions with one key are active';
COMMENT ON COLUMN ${scheduler}.executions.parallel IS 'runs although another execution of its deployment is active';
COMMENT ON COLUMN ${scheduler}.executions.schedule_id IS 'the schedule of its deployment that made it; null: none';
COMMENT ON COLUMN ${scheduler}.executions.occurrence_at IS 'the occurrence of that schedule; scheduled_for is later by the jitter';
COMMENT ON COLUMN ${scheduler}.executions.dispatched_at IS 'when it was last handed to a worker, under dispatch_token';
COMMENT ON COLUMN ${scheduler}.executions.changed_by IS
    'who made the last change of status: a user, or holdfast:worker, holdfast:restore, ...; null: the scheduler itself';

-- Every change of status writes into each index that the row is in, before and after: so there are few, and most are partial.
DROP INDEX ${scheduler}.executions_id;
DROP INDEX ${scheduler}.executions_active;
DROP INDEX ${scheduler}.executions_deployment;
CREATE INDEX executions_active ON ${scheduler}.executions (tenant_name, deployment_id)
    WHERE status IN ('queued', 'pending', 'started', 'cancelling', 'force_cancelling', 'kill_cancelling');
CREATE INDEX executions_deployment ON ${scheduler}.executions (tenant_name, deployment_id, created_at) WHERE deployment_id IS NOT NULL;
CREATE INDEX executions_system ON ${scheduler}.executions (workflow_id, status)
    WHERE is_system_workflow AND status IN ('queued', 'pending', 'started', 'cancelling', 'force_cancelling', 'kill_cancelling');
-- No other index begins with the priority: so none can be taken for this one.
CREATE INDEX executions_due_by_tenant ON ${scheduler}.executions (priority, tenant_name, scheduled_for, storage_id)
    WHERE status = 'scheduled';
CREATE INDEX executions_queued ON ${scheduler}.executions (tenant_name, deployment_id, priority DESC, created_at, storage_id)
    WHERE status = 'queued';
CREATE INDEX executions_concurrency ON ${scheduler}.executions (tenant_name, concurrency_key)
    WHERE concurrency_key IS NOT NULL AND status IN ('pending', 'started', 'cancelling', 'force_cancelling', 'kill_cancelling');

INSERT INTO ${scheduler}.execution_transitions (from_status, to_status, cause) VALUES
    ('pending', 'failed', 'worker_lost'),
    ('started', 'failed', 'worker_lost');

ALTER TABLE ${scheduler}.execution_schedules
    ADD COLUMN time_zone       text NOT NULL DEFAULT 'UTC',
    ADD COLUMN dst_gap         text NOT NULL DEFAULT 'shift' CHECK (dst_gap IN ('shift', 'skip')),
    ADD COLUMN dst_overlap     text NOT NULL DEFAULT 'first' CHECK (dst_overlap IN ('first', 'second', 'both')),
    ADD COLUMN overlap         text NOT NULL DEFAULT 'skip'
                               CHECK (overlap IN ('skip', 'queue_one', 'queue_all', 'cancel_other', 'allow')),
    ADD COLUMN catch_up        text NOT NULL DEFAULT 'skip' CHECK (catch_up IN ('skip', 'once', 'all', 'fail')),
    ADD COLUMN catch_up_limit  integer NOT NULL DEFAULT 100 CHECK (catch_up_limit BETWEEN 1 AND 1000),
    ADD COLUMN jitter_seconds  integer NOT NULL DEFAULT 0 CHECK (jitter_seconds BETWEEN 0 AND 86400),
    ADD COLUMN priority        smallint NOT NULL DEFAULT 5 CHECK (priority BETWEEN 0 AND 9),
    ADD COLUMN concurrency_key text,
    ADD COLUMN pause_note      text,
    ADD COLUMN last_occurrence timestamptz,
    ADD COLUMN ordinal         bigint NOT NULL DEFAULT 0,
    ADD COLUMN missed_until    timestamptz,
    ADD COLUMN tzdb_version    text,
    ADD COLUMN updated_at      timestamptz,
    ADD COLUMN version         integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN ${scheduler}.execution_schedules.rule IS
    'as the archive or the request gave it: {"rrule"}, {"recurrence", "count", "weekdays"} or {"cron"}';
COMMENT ON COLUMN ${scheduler}.execution_schedules.time_zone IS 'IANA name; the rule is followed on this zone''s wall clock';
COMMENT ON COLUMN ${scheduler}.execution_schedules.next_occurrence IS
    'null with enabled: no further one, or not worked out yet (last_occurrence is null, too, or the rule was changed)';
COMMENT ON COLUMN ${scheduler}.execution_schedules.last_occurrence IS 'the latest occurrence that was decided on; a run exists for it';
COMMENT ON COLUMN ${scheduler}.execution_schedules.missed_until IS
    'not null: the T0 of a restore that missed the occurrences from next_occurrence up to it; until they are decided on, which makes it null again, nothing else may fire or change the schedule''s next_occurrence';
COMMENT ON COLUMN ${scheduler}.execution_schedules.ordinal IS 'occurrences decided on so far';
COMMENT ON COLUMN ${scheduler}.execution_schedules.tzdb_version IS 'time zone data by which next_occurrence was worked out';

-- What was decided on each occurrence. The primary key is what makes an occurrence fire once, whoever works it out.
CREATE TABLE ${scheduler}.schedule_runs (
    storage_id    bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE,
    tenant_name   text NOT NULL,
    deployment_id text NOT NULL,
    schedule_id   text NOT NULL,
    occurrence_at timestamptz NOT NULL,
    outcome       text NOT NULL CHECK (outcome IN ('started', 'queued', 'skipped', 'missed', 'failed')),
    reason        text,
    detail        text,
    execution_id  text,
    backfill      boolean NOT NULL DEFAULT false,
    lateness_ms   bigint,
    decided_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_name, deployment_id, schedule_id, occurrence_at)
);
COMMENT ON COLUMN ${scheduler}.schedule_runs.reason IS 'for machines: OVERLAP, LATE, RESTORE, PAUSED, STOPPED_ON_FAIL, ...; null where started in time';
COMMENT ON COLUMN ${scheduler}.schedule_runs.lateness_ms IS 'decided_at after occurrence_at; null for what did not start';

-- At most this many of a tenant's executions with one concurrency key are active at once.
CREATE TABLE ${scheduler}.concurrency_limits (
    storage_id  bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE,
    tenant_name text NOT NULL,
    key         text NOT NULL,
    max_running integer NOT NULL CHECK (max_running >= 1),
    PRIMARY KEY (tenant_name, key)
);

-- What a tenant may start; null: no limit.
CREATE TABLE ${scheduler}.tenant_limits (
    storage_id        bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE,
    tenant_name       text PRIMARY KEY,
    max_running       integer CHECK (max_running >= 1),
    starts_per_minute integer CHECK (starts_per_minute >= 1),
    burst             integer CHECK (burst >= 1)
);
COMMENT ON COLUMN ${scheduler}.tenant_limits.burst IS 'starts that may come at once before starts_per_minute holds; null: as many as one minute''s';

-- An id that is taken is looked for in all tenants, because global ones exclude the others.
CREATE INDEX blueprints_id ON ${inventory}.blueprints (id);
CREATE INDEX deployments_id ON ${inventory}.deployments (id);

GRANT SELECT, INSERT, UPDATE, DELETE ON ${scheduler}.schedule_runs, ${scheduler}.concurrency_limits, ${scheduler}.tenant_limits
    TO holdfast_scheduler;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${scheduler} TO holdfast_scheduler;
GRANT SELECT ON ${scheduler}.schedule_runs, ${scheduler}.concurrency_limits, ${scheduler}.tenant_limits
    TO holdfast_snapshot, holdfast_restore;

-- What V1 did once per statement, by joining all old rows with all new ones, took more than the change itself: the condition below is
-- worked out for each row without a call. It is made of the table, so whoever adds transitions makes it again.
DROP TRIGGER legal_transitions ON ${scheduler}.executions;
CREATE OR REPLACE FUNCTION ${scheduler}.refuse_illegal_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'illegal change of execution % from % to %', NEW.id, OLD.status, NEW.status
        USING ERRCODE = 'check_violation';
END $$;
DO $$ BEGIN
    EXECUTE (SELECT format('CREATE TRIGGER legal_transitions AFTER UPDATE OF status ON ${scheduler}.executions FOR EACH ROW'
                           ' WHEN (OLD.status <> NEW.status AND OLD.status || '' '' || NEW.status <> ALL (%L::text[]))'
                           ' EXECUTE FUNCTION ${scheduler}.refuse_illegal_transition()',
                           array_agg(DISTINCT from_status || ' ' || to_status))
               FROM ${scheduler}.execution_transitions);
END $$;

-- What became of each execution, step by step. The trigger writes it, so that no change is forgotten, except for one: the claim makes
-- thousands of executions a second pending, and what a row would say stands in their own columns. It is written when they leave that
-- status.
CREATE TABLE ${scheduler}.execution_history (
    storage_id   bigint GENERATED BY DEFAULT AS IDENTITY UNIQUE,
    tenant_name  text NOT NULL,
    execution_id text NOT NULL,
    from_status  text NOT NULL,
    to_status    text NOT NULL,
    changed_at   timestamptz NOT NULL,
    changed_by   text,
    reason_code  text,
    attempt      integer NOT NULL,
    epoch        bigint NOT NULL,
    PRIMARY KEY (tenant_name, execution_id, storage_id)
);
COMMENT ON COLUMN ${scheduler}.execution_history.changed_by IS 'as in executions';
COMMENT ON COLUMN ${scheduler}.execution_history.attempt IS 'executions.dispatch_attempt after the change';
COMMENT ON COLUMN ${scheduler}.execution_history.epoch IS 'executions.restore_epoch after the change';
-- For whoever forgets what is old: small, and in the order of time anyway.
CREATE INDEX execution_history_time ON ${scheduler}.execution_history USING brin (changed_at);

-- The live schema by its name, so that the statements are planned once. Where a restore builds another one, it writes sets of rows.
CREATE FUNCTION ${scheduler}.note_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_SCHEMA <> 'scheduler' THEN
        RAISE EXCEPTION 'changes of status in schema % have to be written into its execution_history by who makes them', TG_TABLE_SCHEMA
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    IF OLD.status = 'pending' AND OLD.scheduled_for IS NOT NULL AND OLD.dispatched_at IS NOT NULL THEN
        INSERT INTO scheduler.execution_history (tenant_name, execution_id, from_status, to_status, changed_at, attempt, epoch)
        SELECT OLD.tenant_name, OLD.id, 'scheduled', 'pending', OLD.dispatched_at, OLD.dispatch_attempt, OLD.restore_epoch
         WHERE NOT EXISTS (SELECT FROM scheduler.execution_history h WHERE h.tenant_name = OLD.tenant_name
                              AND h.execution_id = OLD.id AND h.to_status = 'pending' AND h.changed_at >= OLD.dispatched_at);
    END IF;
    INSERT INTO scheduler.execution_history
           (tenant_name, execution_id, from_status, to_status, changed_at, changed_by, reason_code, attempt, epoch)
    VALUES (NEW.tenant_name, NEW.id, OLD.status, NEW.status, statement_timestamp(), NEW.changed_by, NEW.reason_code,
            NEW.dispatch_attempt, NEW.restore_epoch);
    RETURN NULL;
END $$;
CREATE TRIGGER note_transition AFTER UPDATE OF status ON ${scheduler}.executions FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND (OLD.status <> 'scheduled' OR NEW.status <> 'pending'))
    EXECUTE FUNCTION ${scheduler}.note_transition();

GRANT SELECT, INSERT, UPDATE, DELETE ON ${scheduler}.execution_history TO holdfast_scheduler;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${scheduler} TO holdfast_scheduler;
GRANT SELECT ON ${scheduler}.execution_history TO holdfast_snapshot, holdfast_restore;
