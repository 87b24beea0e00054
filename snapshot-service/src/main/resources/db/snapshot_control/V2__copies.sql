-- Which node has which archive. Rows outlive their snapshot until the node has removed its copy: so nothing is removed from a node that
-- the catalogue never knew to be there.
CREATE TABLE ${schema}.archive_copies (
    node        text NOT NULL,
    tenant_name text NOT NULL,
    snapshot_id text NOT NULL,
    manager_url text NOT NULL,
    heard_at    timestamptz NOT NULL DEFAULT statement_timestamp(),
    PRIMARY KEY (node, tenant_name, snapshot_id)
);
COMMENT ON COLUMN ${schema}.archive_copies.manager_url IS 'base URL by which other nodes reach that node''s manager';
CREATE INDEX archive_copies_by_snapshot ON ${schema}.archive_copies (tenant_name, snapshot_id);
