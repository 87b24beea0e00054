-- Executions whose producer wants to hear of their start and their end. Of this installation, like the requests that asked for it.

CREATE TABLE ${schema}.followed_execution (
    client_id    text NOT NULL,
    message_id   text NOT NULL,
    tenant_name  text NOT NULL,
    execution_id text NOT NULL,
    reply_to     text NOT NULL,
    answered_as  text,
    told_status  text NOT NULL,
    checked_at   timestamptz NOT NULL DEFAULT statement_timestamp(),
    follow_until timestamptz NOT NULL,
    PRIMARY KEY (client_id, message_id)
);
COMMENT ON COLUMN ${schema}.followed_execution.told_status IS 'the status that the producer heard of last';
COMMENT ON COLUMN ${schema}.followed_execution.answered_as IS 'correlation id of what it is told';
COMMENT ON COLUMN ${schema}.followed_execution.follow_until IS 'when it is given up, ended or not';
CREATE INDEX followed_execution_checked ON ${schema}.followed_execution (checked_at);
