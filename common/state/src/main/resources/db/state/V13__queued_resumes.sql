-- Executions of a group that are resumed wait for their turn.
INSERT INTO ${scheduler}.execution_transitions (from_status, to_status, cause) VALUES
    ('failed', 'queued', 'resume'),
    ('cancelled', 'queued', 'resume');

-- Made of the table; see V2.
DROP TRIGGER legal_transitions ON ${scheduler}.executions;
DO $$ BEGIN
    EXECUTE (SELECT format('CREATE TRIGGER legal_transitions AFTER UPDATE OF status ON ${scheduler}.executions FOR EACH ROW'
                           ' WHEN (OLD.status <> NEW.status AND OLD.status || '' '' || NEW.status <> ALL (%L::text[]))'
                           ' EXECUTE FUNCTION ${scheduler}.refuse_illegal_transition()',
                           array_agg(DISTINCT from_status || ' ' || to_status))
               FROM ${scheduler}.execution_transitions);
END $$;
