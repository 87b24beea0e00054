-- A kill goes out in one form for each age of workers.

ALTER TABLE ${schema}.bridge_letter
    DROP CONSTRAINT bridge_letter_kind_check,
    ADD CONSTRAINT bridge_letter_kind_check CHECK (kind IN ('start', 'cancel', 'cancel_list', 'hook'));
