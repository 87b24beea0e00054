-- What is needed to go on with a broker that lost its data: what was published lately, and whether a broker was used before.

ALTER TABLE ${schema}.outbox ADD COLUMN rebuildable boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN ${schema}.outbox.rebuildable IS 'the sender makes it again from its state, so it is not kept after publishing';

CREATE TABLE ${schema}.outbox_sent (
    seq               bigint NOT NULL,
    message_id        uuid NOT NULL,
    type              text NOT NULL,
    aggregate_id      text NOT NULL,
    aggregate_version integer,
    tenant_name       text,
    exchange          text NOT NULL,
    routing_key       text NOT NULL,
    headers           jsonb NOT NULL,
    payload           jsonb NOT NULL,
    created_at        timestamptz NOT NULL,
    published_at      timestamptz NOT NULL DEFAULT statement_timestamp()
);
COMMENT ON TABLE ${schema}.outbox_sent IS 'what the broker confirmed lately: published again, under the same ids, to one that lost its data';
-- Rows come in the order of this column and leave in it: a few pages of index for millions of rows, next to free to keep.
CREATE INDEX outbox_sent_published ON ${schema}.outbox_sent USING brin (published_at) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE ${schema}.broker_use (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    first_used_at timestamptz NOT NULL DEFAULT statement_timestamp(),
    rebuilt_at    timestamptz,
    rebuilds      integer NOT NULL DEFAULT 0
);
COMMENT ON TABLE ${schema}.broker_use IS 'one row since a broker was used first: a broker without our marker has lost its data from then on';

CREATE TABLE ${schema}.queue_binding (
    queue       text NOT NULL,
    exchange    text NOT NULL,
    routing_key text NOT NULL,
    PRIMARY KEY (queue, exchange, routing_key)
);
COMMENT ON TABLE ${schema}.queue_binding IS 'the queues of this service, so that whoever finds an empty broker declares those of all services before it publishes';
