-- External producers and what they asked: facts of this installation and its broker, never in a snapshot.

CREATE TABLE ${schema}.producer (
    client_id       text PRIMARY KEY CHECK (client_id ~ '^[a-z0-9-]{1,64}$'),
    broker_user     text NOT NULL UNIQUE,
    username        text NOT NULL,
    tenants         text[] NOT NULL CHECK (cardinality(tenants) > 0),
    rate_per_second integer NOT NULL CHECK (rate_per_second BETWEEN 1 AND 100000),
    tokens          double precision NOT NULL,
    tokens_at       timestamptz NOT NULL DEFAULT statement_timestamp(),
    created_by      text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT statement_timestamp()
) WITH (fillfactor = 50);
COMMENT ON TABLE ${schema}.producer IS 'who may send requests over the broker, as whom, and about which tenants';
COMMENT ON COLUMN ${schema}.producer.username IS 'the user of the manager whose permissions its requests have';
COMMENT ON COLUMN ${schema}.producer.tokens IS 'requests that it may send at once, as of tokens_at; one bucket for all gateways';

CREATE TABLE ${schema}.request (
    client_id   text NOT NULL,
    message_id  text NOT NULL,
    sha256      bytea NOT NULL,
    type        text NOT NULL,
    tenant_name text NOT NULL,
    attempts    integer NOT NULL DEFAULT 1,
    received_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    answered_at timestamptz,
    reply_type  text,
    reply       jsonb,
    PRIMARY KEY (client_id, message_id),
    CHECK ((reply IS NULL) = (answered_at IS NULL) AND (reply IS NULL) = (reply_type IS NULL))
);
COMMENT ON TABLE ${schema}.request IS 'requests that change something, under their producer''s own keys: what makes a repeated one harmless';
COMMENT ON COLUMN ${schema}.request.sha256 IS 'of type, routing key and body';
COMMENT ON COLUMN ${schema}.request.reply IS 'null while nothing final is known: the message may be tried again';
CREATE INDEX request_received ON ${schema}.request (received_at);
