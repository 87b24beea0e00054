-- Settings changed over the API: facts of this installation, never in a snapshot.

CREATE TABLE ${schema}.setting (
    scope      text NOT NULL,
    name       text NOT NULL,
    value      jsonb NOT NULL,
    updated_by text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (scope, name)
);
COMMENT ON TABLE ${schema}.setting IS 'in the place of what the configuration says; without a row, that counts';
