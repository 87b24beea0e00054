package io.holdfast.inventory.groups.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.groups.app.GroupRecords;
import io.holdfast.inventory.labels.Label;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Singleton
class PgGroupRecords implements GroupRecords {

    private final Statements statements;
    private final ObjectMapper json;

    PgGroupRecords(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    @Override
    public Optional<Group> find(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, description, default_blueprint_id, default_inputs, creation_counter,"
                                + " visibility FROM inventory.deployment_groups" + Seen.ONE,
                        row -> new Group(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                JsonText.object(json, row.getString(5)),
                                row.getInt(6),
                                Visibility.of(row.getString(7))),
                        Seen.of(id, caller))
                .stream()
                .findFirst();
    }

    @Override
    public void put(Group group, CallerIdentity caller, Instant at) {
        // Two of one id, in any tenants, come one after the other: global ones exclude all others.
        statements.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('deployment group ' || ?, 0))", row -> true, group.id());
        if (statements.exists(
                "SELECT FROM inventory.deployment_groups WHERE id = ? AND tenant_name <> ? AND (visibility = 'global'"
                        + " OR ?)",
                group.id(),
                group.tenant(),
                group.visibility() == Visibility.GLOBAL)) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Can't set or create the resource <DeploymentGroup id=`" + group.id() + "` tenant=`"
                            + group.tenant()
                            + "`>, its visibility can't be global because it also exists in other tenants",
                    "choose another id, or a narrower visibility");
        }
        if (!caller.seesPrivate()
                && statements.exists(
                        "SELECT FROM inventory.deployment_groups WHERE tenant_name = ? AND id = ? AND visibility = 'private'"
                                + " AND created_by IS DISTINCT FROM ?",
                        group.tenant(),
                        group.id(),
                        caller.username())) {
            throw Refusals.taken("DeploymentGroup", group.id(), group.tenant());
        }
        statements.update(
                """
                INSERT INTO inventory.deployment_groups (tenant_name, id, description, default_blueprint_id, default_inputs,
                    creation_counter, visibility, created_by, created_at)
                VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)
                ON CONFLICT (tenant_name, id) DO UPDATE SET description = excluded.description,
                    default_blueprint_id = excluded.default_blueprint_id, default_inputs = excluded.default_inputs,
                    creation_counter = greatest(deployment_groups.creation_counter, excluded.creation_counter),
                    visibility = excluded.visibility""",
                group.tenant(),
                group.id(),
                group.description(),
                group.defaultBlueprintId(),
                JsonText.of(json, group.defaultInputs()),
                group.created(),
                group.visibility().wireName(),
                caller.username(),
                at);
    }

    @Override
    public void origin(Group group, @Nullable String createdBy, @Nullable Instant createdAt) {
        if (createdBy != null || createdAt != null) {
            statements.update(
                    "UPDATE inventory.deployment_groups SET created_by = coalesce(?, created_by),"
                            + " created_at = coalesce(?, created_at) WHERE tenant_name = ? AND id = ?",
                    createdBy,
                    createdAt,
                    group.tenant(),
                    group.id());
        }
    }

    @Override
    public List<Label> labels(Group group) {
        return statements.query(
                "SELECT key, value FROM inventory.deployment_group_labels WHERE tenant_name = ? AND"
                        + " deployment_group_id = ? ORDER BY storage_id",
                row -> new Label(row.getString(1), row.getString(2)),
                group.tenant(),
                group.id());
    }

    @Override
    public void labels(Group group, List<Label> labels, String createdBy, Instant at) {
        List<Label> present = labels(group);
        for (Label label : present) {
            if (!labels.contains(label)) {
                statements.update("""
                    DELETE FROM inventory.deployment_labels l USING inventory.deployment_group_members m
                    WHERE m.tenant_name = ? AND m.deployment_group_id = ? AND l.tenant_name = m.tenant_name
                      AND l.deployment_id = m.deployment_id AND l.key = ? AND l.value = ?""", group.tenant(), group.id(), label.key(), label.value());
                statements.update(
                        "DELETE FROM inventory.deployment_group_labels WHERE tenant_name = ? AND deployment_group_id ="
                                + " ? AND key = ? AND value = ?",
                        group.tenant(),
                        group.id(),
                        label.key(),
                        label.value());
            }
        }
        List<@Nullable Object[]> added = new ArrayList<>();
        for (Label label : labels) {
            if (!present.contains(label)) {
                added.add(
                        new @Nullable Object[] {group.tenant(), group.id(), label.key(), label.value(), createdBy, at});
            }
        }
        statements.batch("""
            INSERT INTO inventory.deployment_group_labels (tenant_name, deployment_group_id, key, value, created_by,
                created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""", added);
        label(group, members(group), createdBy, at);
    }

    /** Gives deployments the labels of the group. */
    private void label(Group group, List<String> deploymentIds, String createdBy, Instant at) {
        statements.update("""
            INSERT INTO inventory.deployment_labels (tenant_name, deployment_id, key, value, created_by, created_at)
            SELECT l.tenant_name, d.id, l.key, l.value, ?, ?
            FROM inventory.deployment_group_labels l CROSS JOIN unnest(?::text[]) AS d(id)
            WHERE l.tenant_name = ? AND l.deployment_group_id = ? ON CONFLICT DO NOTHING""", createdBy, at, deploymentIds.toArray(String[]::new), group.tenant(), group.id());
    }

    @Override
    public List<String> members(Group group) {
        return statements.query(
                "SELECT deployment_id FROM inventory.deployment_group_members WHERE tenant_name = ? AND"
                        + " deployment_group_id = ? ORDER BY storage_id",
                row -> row.getString(1),
                group.tenant(),
                group.id());
    }

    @Override
    public void addMembers(Group group, List<String> deploymentIds, String createdBy, Instant at) {
        // Who leaves meanwhile does not join; who joins does not leave before this transaction has ended.
        List<String> there = statements.query(
                "SELECT id FROM inventory.deployments WHERE tenant_name = ? AND id = ANY (?) ORDER BY id FOR KEY SHARE",
                row -> row.getString(1),
                group.tenant(),
                deploymentIds.toArray(String[]::new));
        Set<String> present = Set.copyOf(there);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (String id : deploymentIds) {
            if (present.contains(id)) {
                rows.add(new @Nullable Object[] {group.tenant(), group.id(), id});
            }
        }
        statements.batch(
                "INSERT INTO inventory.deployment_group_members (tenant_name, deployment_group_id, deployment_id)"
                        + " VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                rows);
        label(group, there, createdBy, at);
    }

    @Override
    public void removeMembers(Group group, List<String> deploymentIds) {
        statements.update(
                "DELETE FROM inventory.deployment_group_members WHERE tenant_name = ? AND deployment_group_id = ? AND"
                        + " deployment_id = ANY (?)",
                group.tenant(),
                group.id(),
                deploymentIds.toArray(String[]::new));
    }

    @Override
    public void remove(Group group) {
        for (String table : List.of("inventory.deployment_group_labels", "inventory.deployment_group_members")) {
            statements.update(
                    "DELETE FROM " + table + " WHERE tenant_name = ? AND deployment_group_id = ?",
                    group.tenant(),
                    group.id());
        }
        statements.update(
                "DELETE FROM inventory.deployment_groups WHERE tenant_name = ? AND id = ?", group.tenant(), group.id());
    }
}
