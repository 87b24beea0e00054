-- The highest restore epoch that the scheduler has met: commands and outcomes of lower ones come from before a restore.
CREATE TABLE ${schema}.restore_epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    epoch    bigint NOT NULL
);
INSERT INTO ${schema}.restore_epoch (epoch) VALUES (0);
