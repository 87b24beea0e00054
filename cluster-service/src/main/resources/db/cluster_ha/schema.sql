-- The cluster's own bookkeeping in the product's database. It belongs to no service and is in no snapshot.
CREATE SCHEMA IF NOT EXISTS holdfast_ha;

-- One row for each epoch that a quorum confirmed.
CREATE TABLE IF NOT EXISTS holdfast_ha.epochs (
    epoch     bigint PRIMARY KEY,
    node      text NOT NULL,
    -- transactions from here on belong to this epoch or a later one
    first_xid bigint NOT NULL,
    at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a node had alone when it came back: one row for each time.
CREATE TABLE IF NOT EXISTS holdfast_ha.salvage (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node         text NOT NULL,
    -- the last point that its history shares with the active's
    timeline     bigint NOT NULL,
    divergence   pg_lsn NOT NULL,
    -- where its own log ended
    end_timeline bigint NOT NULL,
    end_lsn      pg_lsn NOT NULL,
    epoch        bigint NOT NULL,
    state        text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'SETTLED', 'DISCARDED')),
    notes        jsonb NOT NULL DEFAULT '[]',
    sequences    jsonb NOT NULL DEFAULT '{}',
    parked_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    settled_at   timestamptz,
    UNIQUE (node, timeline, divergence)
);

-- A transaction is salvaged once, whichever nodes bring it.
CREATE TABLE IF NOT EXISTS holdfast_ha.salvage_transaction (
    timeline     bigint NOT NULL,
    xid          bigint NOT NULL,
    salvage_id   bigint NOT NULL REFERENCES holdfast_ha.salvage ON DELETE CASCADE,
    -- SLOT: decoded, complete. ROWS: only what the node's tables still showed of it
    method       text NOT NULL CHECK (method IN ('SLOT', 'ROWS')),
    committed_at timestamptz,
    PRIMARY KEY (timeline, xid)
);

CREATE TABLE IF NOT EXISTS holdfast_ha.salvage_change (
    salvage_id bigint NOT NULL REFERENCES holdfast_ha.salvage ON DELETE CASCADE,
    ordinal    bigint NOT NULL,
    timeline   bigint NOT NULL,
    xid        bigint NOT NULL,
    schema     text NOT NULL,
    relation   text NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'ROW')),
    -- [{"name", "type", "value"}], a value as PostgreSQL prints it, null, or absent where the log does not have it
    before     jsonb,
    after      jsonb,
    state      text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'APPLIED', 'PRESENT', 'DISCARDED')),
    settled_at timestamptz,
    PRIMARY KEY (salvage_id, ordinal)
);
CREATE INDEX IF NOT EXISTS salvage_change_of_transaction ON holdfast_ha.salvage_change (timeline, xid);

GRANT USAGE ON SCHEMA holdfast_ha TO holdfast_replication;
GRANT SELECT ON holdfast_ha.epochs TO holdfast_replication;
GRANT SELECT, INSERT, UPDATE ON holdfast_ha.salvage TO holdfast_replication;
GRANT SELECT, INSERT, UPDATE, DELETE ON holdfast_ha.salvage_transaction, holdfast_ha.salvage_change TO holdfast_replication;
