-- Few deployments have others below them, and their statuses are looked at before each question that chooses or sorts by them.
CREATE INDEX deployments_above_others ON ${inventory}.deployments (storage_id) WHERE sub_services_count + sub_environments_count > 0;
