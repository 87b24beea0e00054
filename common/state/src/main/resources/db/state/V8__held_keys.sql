-- An execution group whose concurrency is 0 waits until it is raised.

ALTER TABLE ${scheduler}.concurrency_limits
    DROP CONSTRAINT concurrency_limits_max_running_check,
    ADD CONSTRAINT concurrency_limits_max_running_check CHECK (max_running >= 0);
