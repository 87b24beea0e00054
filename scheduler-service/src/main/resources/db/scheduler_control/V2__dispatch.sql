-- What dispatching keeps for itself. None of it is in a snapshot.

-- The token bucket of each tenant whose starts per minute are limited.
CREATE TABLE ${schema}.tenant_starts (
    tenant_name text PRIMARY KEY,
    tokens      double precision NOT NULL,
    counted_at  timestamptz NOT NULL,
    empty_until timestamptz NOT NULL
);
COMMENT ON TABLE ${schema}.tenant_starts IS 'starts that a tenant has left at counted_at; none may be claimed before empty_until';

-- Since when and until when due executions were looked at without a pause: what became due in a pause was missed, not late.
CREATE TABLE ${schema}.dispatch_watch (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    alive_since timestamptz NOT NULL,
    alive_until timestamptz NOT NULL
);
INSERT INTO ${schema}.dispatch_watch (alive_since, alive_until) VALUES (statement_timestamp(), statement_timestamp());
