-- The maintenance gate: one row. status, reason, requested_by and the times are what counts now, for everybody to read; below them are
-- the two grounds for it, so that a restore that ends leaves an operator's own maintenance mode as it was.
CREATE TABLE ${schema}.gate (
    id                      smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    status                  text NOT NULL DEFAULT 'deactivated' CHECK (status IN ('deactivated', 'activating', 'activated')),
    reason                  text,
    requested_by            text,
    activation_requested_at timestamptz,
    activated_at            timestamptz,

    operator_status         text NOT NULL DEFAULT 'deactivated' CHECK (operator_status IN ('deactivated', 'activating', 'activated')),
    operator_name           text,
    operator_requested_at   timestamptz,
    operator_activated_at   timestamptz,

    hold_reason             text,
    hold_requested_by       text,
    held_since              timestamptz,

    CHECK ((operator_status = 'deactivated') = (operator_requested_at IS NULL)),
    CHECK ((operator_status = 'activated') = (operator_activated_at IS NOT NULL)),
    CHECK ((hold_reason IS NULL) = (held_since IS NULL))
);

INSERT INTO ${schema}.gate DEFAULT VALUES;

-- Every service may look; only the cluster-service changes it.
GRANT USAGE ON SCHEMA ${schema} TO holdfast_gateway, holdfast_inventory, holdfast_scheduler, holdfast_snapshot, holdfast_restore, holdfast_workflow;
GRANT SELECT ON ${schema}.gate TO holdfast_gateway, holdfast_inventory, holdfast_scheduler, holdfast_snapshot, holdfast_restore, holdfast_workflow;
