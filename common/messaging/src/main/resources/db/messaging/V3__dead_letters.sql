-- Who decided about a dead message, kept for a while after it was discarded; and how long a body was of which only the beginning is kept.

ALTER TABLE ${schema}.parked_message
    DROP CONSTRAINT parked_message_state_check,
    ADD CONSTRAINT parked_message_state_check CHECK (state IN ('waiting', 'dead', 'discarded')),
    ADD COLUMN payload_bytes bigint,
    ADD COLUMN decided_by    text,
    ADD COLUMN decided_at    timestamptz;
COMMENT ON COLUMN ${schema}.parked_message.payload_bytes IS 'length of the body, where payload is only its beginning; null where it is whole';
COMMENT ON COLUMN ${schema}.parked_message.decided_by IS 'who replayed or discarded it last';
