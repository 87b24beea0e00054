-- What a worker must remember so that nothing old runs: never in a snapshot, never restored.

CREATE TABLE ${schema}.seen_epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    highest  bigint NOT NULL
);
COMMENT ON COLUMN ${schema}.seen_epoch.highest IS 'the highest restore epoch that was heard of; start commands of a lower one are refused';
INSERT INTO ${schema}.seen_epoch (highest) VALUES (0);

CREATE TABLE ${schema}.taken (
    tenant_name   text NOT NULL,
    execution_id  text NOT NULL,
    epoch         bigint NOT NULL,
    attempt       integer NOT NULL,
    token         text NOT NULL,
    state         text NOT NULL CHECK (state IN ('held', 'answered')),
    stopped_token text,
    taken_at      timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (tenant_name, execution_id)
);
COMMENT ON TABLE ${schema}.taken IS 'per execution the highest (epoch, attempt) that was taken; what is lower is refused';
COMMENT ON COLUMN ${schema}.taken.attempt IS '-1: nothing was taken yet, only a stop came';
COMMENT ON COLUMN ${schema}.taken.state IS 'held: a worker has it; answered: its end was reported';
COMMENT ON COLUMN ${schema}.taken.stopped_token IS 'the dispatch that was to be stopped last; its start may still come';
