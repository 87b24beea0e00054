-- The provider context as clients have changed it: a fact of this installation, never in a snapshot.

CREATE TABLE ${schema}.provider_context (
    only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    name       text NOT NULL,
    context    jsonb NOT NULL,
    updated_by text NOT NULL,
    updated_at timestamptz NOT NULL
);
COMMENT ON TABLE ${schema}.provider_context IS 'without a row, the context is made of the settings';
