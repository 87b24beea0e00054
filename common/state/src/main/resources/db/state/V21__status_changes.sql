-- Which deployments' status, or what is below them, has changed since the statuses of those above others were added up: a question for
-- a status then looks at these and at what is above them, not at all that are above or below others.
CREATE TABLE ${inventory}.status_changes (
    tenant_name   text NOT NULL,
    deployment_id text NOT NULL
) WITH (autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
COMMENT ON TABLE ${inventory}.status_changes IS 'kept by the triggers note_statuses_* of deployments and their labels; not in snapshots, a restore notes all';
COMMENT ON COLUMN ${inventory}.status_changes.deployment_id IS 'as often as there was a change: whoever adds up takes those that it sees, and a change that it does not see has a row of its own';

-- All that are above others, or were when it was last added up.
CREATE FUNCTION ${access}.note_all_statuses(of_schema text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DELETE FROM %I.status_changes', of_schema);
    EXECUTE format('INSERT INTO %1$I.status_changes (tenant_name, deployment_id)'
                   ' SELECT tenant_name, value FROM %1$I.deployment_labels WHERE key = ''csys-obj-parent'''
                   ' UNION SELECT tenant_name, id FROM %1$I.deployments WHERE sub_services_count + sub_environments_count > 0',
                   of_schema);
END $$;

-- A label tells what is below the deployment that it names, or whether its own is an environment.
CREATE FUNCTION ${access}.note_labels() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        EXECUTE format('INSERT INTO %1$I.status_changes (tenant_name, deployment_id)'
                       ' SELECT tenant_name, id FROM %1$I.deployments WHERE sub_services_count + sub_environments_count > 0', TG_TABLE_SCHEMA);
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE format('INSERT INTO %I.status_changes (tenant_name, deployment_id)'
                       ' SELECT r.tenant_name, CASE r.key WHEN ''csys-obj-parent'' THEN r.value ELSE r.deployment_id END'
                       ' FROM (VALUES ($1), ($2)) l (row), LATERAL (SELECT (l.row).*) r'
                       ' WHERE r.key IN (''csys-obj-parent'', ''csys-obj-type'')', TG_TABLE_SCHEMA) USING OLD, NEW;
    ELSIF TG_TABLE_SCHEMA = 'inventory' THEN
        INSERT INTO inventory.status_changes (tenant_name, deployment_id)
            SELECT r.tenant_name, CASE r.key WHEN 'csys-obj-parent' THEN r.value ELSE r.deployment_id END
              FROM changed r WHERE r.key IN ('csys-obj-parent', 'csys-obj-type');
    ELSE
        EXECUTE format('INSERT INTO %I.status_changes (tenant_name, deployment_id)'
                       ' SELECT r.tenant_name, CASE r.key WHEN ''csys-obj-parent'' THEN r.value ELSE r.deployment_id END'
                       ' FROM changed r WHERE r.key IN (''csys-obj-parent'', ''csys-obj-type'')', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER note_statuses_inserted AFTER INSERT ON ${inventory}.deployment_labels REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ${access}.note_labels();
CREATE TRIGGER note_statuses_deleted AFTER DELETE ON ${inventory}.deployment_labels REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ${access}.note_labels();
CREATE TRIGGER note_statuses_truncated AFTER TRUNCATE ON ${inventory}.deployment_labels
    FOR EACH STATEMENT EXECUTE FUNCTION ${access}.note_labels();
CREATE TRIGGER note_statuses_updated AFTER UPDATE ON ${inventory}.deployment_labels
    FOR EACH ROW WHEN ((OLD.tenant_name, OLD.deployment_id, OLD.key, OLD.value)
                       IS DISTINCT FROM (NEW.tenant_name, NEW.deployment_id, NEW.key, NEW.value))
    EXECUTE FUNCTION ${access}.note_labels();

-- Those that are above others, and those below others, may come and go before their labels and after them.
CREATE FUNCTION ${access}.note_deployments() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    noted constant text := 'INSERT INTO %1$I.status_changes (tenant_name, deployment_id) SELECT r.tenant_name, r.id FROM %2$s'
        ' WHERE r.sub_services_count + r.sub_environments_count > 0'
        ' OR EXISTS (SELECT FROM %1$I.deployment_labels l'
        ' WHERE l.tenant_name = r.tenant_name AND l.deployment_id = r.id AND l.key = ''csys-obj-parent'')'
        ' OR EXISTS (SELECT FROM %1$I.deployment_labels l'
        ' WHERE l.tenant_name = r.tenant_name AND l.key = ''csys-obj-parent'' AND l.value = r.id)';
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        EXECUTE format(noted, TG_TABLE_SCHEMA, 'changed r');
    ELSIF TG_TABLE_SCHEMA = 'inventory' AND (OLD.tenant_name, OLD.id) = (NEW.tenant_name, NEW.id) THEN
        -- What is done most is planned once.
        INSERT INTO inventory.status_changes (tenant_name, deployment_id) SELECT NEW.tenant_name, NEW.id
         WHERE OLD.sub_services_count + OLD.sub_environments_count > 0 OR NEW.sub_services_count + NEW.sub_environments_count > 0
            OR EXISTS (SELECT FROM inventory.deployment_labels l
                        WHERE l.tenant_name = NEW.tenant_name AND l.deployment_id = NEW.id AND l.key = 'csys-obj-parent');
    ELSE
        EXECUTE format(noted, TG_TABLE_SCHEMA, '(VALUES ($1), ($2)) d (row), LATERAL (SELECT (d.row).*) r') USING OLD, NEW;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER note_statuses_inserted AFTER INSERT ON ${inventory}.deployments REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ${access}.note_deployments();
CREATE TRIGGER note_statuses_deleted AFTER DELETE ON ${inventory}.deployments REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION ${access}.note_deployments();
-- What its own status, without those below it, depends on; adding up changes the rest, and mostly nothing of this. Whoever else writes
-- the status leaves what is said of those below it as it is.
CREATE TRIGGER note_statuses_updated AFTER UPDATE OF tenant_name, id, latest_execution_status, installation_status, deployment_status,
        sub_services_count, sub_environments_count, sub_services_status, sub_environments_status ON ${inventory}.deployments
    FOR EACH ROW WHEN (
        (OLD.tenant_name, OLD.id, OLD.latest_execution_status, OLD.installation_status, OLD.sub_services_count + OLD.sub_environments_count > 0,
         CASE WHEN OLD.latest_execution_status IS NULL OR OLD.sub_services_count + OLD.sub_environments_count = 0
              THEN OLD.deployment_status END)
        IS DISTINCT FROM
        (NEW.tenant_name, NEW.id, NEW.latest_execution_status, NEW.installation_status, NEW.sub_services_count + NEW.sub_environments_count > 0,
         CASE WHEN NEW.latest_execution_status IS NULL OR NEW.sub_services_count + NEW.sub_environments_count = 0
              THEN NEW.deployment_status END)
        OR OLD.deployment_status IS DISTINCT FROM NEW.deployment_status
           AND (OLD.sub_services_count, OLD.sub_environments_count, OLD.sub_services_status, OLD.sub_environments_status)
               IS NOT DISTINCT FROM
               (NEW.sub_services_count, NEW.sub_environments_count, NEW.sub_services_status, NEW.sub_environments_status))
    EXECUTE FUNCTION ${access}.note_deployments();

SELECT ${access}.note_all_statuses('${inventory}');

GRANT SELECT, INSERT, DELETE ON ${inventory}.status_changes TO holdfast_inventory;
GRANT SELECT ON ${inventory}.status_changes TO holdfast_snapshot, holdfast_restore;
