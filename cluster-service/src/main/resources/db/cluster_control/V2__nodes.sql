-- What was told of the cluster's nodes last, so that each change is told once, whoever is active by then.
CREATE TABLE ${schema}.told_active (
    id    smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    epoch bigint NOT NULL DEFAULT 0,
    node  text
);

INSERT INTO ${schema}.told_active DEFAULT VALUES;

CREATE TABLE ${schema}.told_node (
    name text PRIMARY KEY,
    up   boolean NOT NULL
);
