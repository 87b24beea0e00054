-- Since when a node has not answered; null while it does.
ALTER TABLE ${schema}.told_node ADD COLUMN silent_since timestamptz;
