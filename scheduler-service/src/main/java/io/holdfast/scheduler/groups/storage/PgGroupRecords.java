package io.holdfast.scheduler.groups.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.scheduler.ExecutionSql;
import io.holdfast.scheduler.Statements;
import io.holdfast.scheduler.groups.app.FollowGroup;
import io.holdfast.scheduler.groups.app.GroupRecords;
import io.holdfast.scheduler.groups.app.StartGroup;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

@Singleton
class PgGroupRecords implements GroupRecords {

    /** Asked for every execution that ends. */
    static final String MEMBERSHIPS =
            "SELECT g.id, g.success_group_id, g.failure_group_id FROM scheduler.execution_group_members m"
                    + " JOIN scheduler.execution_groups g ON g.tenant_name = m.tenant_name AND g.id = m.execution_group_id"
                    + " WHERE m.tenant_name = ? AND m.execution_id = ? ORDER BY g.storage_id";

    /** Asked for every execution of a group that ends; the indexes of those that wait and of those that run have nothing else. */
    static final String UNFINISHED =
            "SELECT FROM (SELECT 1 FROM scheduler.executions WHERE tenant_name = ? AND concurrency_key = ? AND "
                    + ExecutionSql.ACTIVE
                    + " UNION ALL SELECT 1 FROM scheduler.executions WHERE tenant_name = ? AND concurrency_key = ? AND status = 'queued') u LIMIT 1";

    private final Statements statements;

    PgGroupRecords(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.statements = new Statements(dataSource, "execution groups");
    }

    @Override
    public boolean add(Group group) {
        return statements.write(
                        "INSERT INTO scheduler.execution_groups (tenant_name, id, workflow_id, deployment_group_id,"
                                + " concurrency, visibility, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        statement -> {
                            statement.setString(1, group.tenantName());
                            statement.setString(2, group.id());
                            statement.setString(3, group.workflowId());
                            statement.setString(4, group.deploymentGroupId());
                            statement.setInt(5, group.concurrency());
                            statement.setString(6, group.visibility());
                            statement.setString(7, group.createdBy());
                            statement.setObject(8, group.createdAt().atOffset(ZoneOffset.UTC));
                        })
                == 1;
    }

    @Override
    public void addMember(Group group, String executionId) {
        statements.write(
                "INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)"
                        + " VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                statement -> {
                    statement.setString(1, group.tenantName());
                    statement.setString(2, group.id());
                    statement.setString(3, executionId);
                });
    }

    @Override
    public void addMemberWith(String tenantName, String memberId, String executionId) {
        statements.write(
                "INSERT INTO scheduler.execution_group_members (tenant_name, execution_group_id, execution_id)"
                        + " SELECT tenant_name, execution_group_id, ? FROM scheduler.execution_group_members"
                        + " WHERE tenant_name = ? AND execution_id = ? ON CONFLICT DO NOTHING",
                statement -> {
                    statement.setString(1, executionId);
                    statement.setString(2, tenantName);
                    statement.setString(3, memberId);
                });
    }

    @Override
    public List<Membership> memberships(String tenantName, String executionId) {
        return statements.read(
                MEMBERSHIPS,
                statement -> {
                    statement.setString(1, tenantName);
                    statement.setString(2, executionId);
                },
                row -> new Membership(row.getString(1), new FollowGroup.Outcomes(row.getString(2), row.getString(3))));
    }

    @Override
    public Optional<List<String>> members(String tenantName, String id) {
        boolean isThere = !statements
                .read(
                        "SELECT FROM scheduler.execution_groups WHERE tenant_name = ? AND id = ?",
                        statement -> {
                            statement.setString(1, tenantName);
                            statement.setString(2, id);
                        },
                        row -> true)
                .isEmpty();
        if (!isThere) {
            return Optional.empty();
        }
        return Optional.of(statements.read(
                "SELECT execution_id FROM scheduler.execution_group_members WHERE tenant_name = ? AND"
                        + " execution_group_id = ? ORDER BY storage_id",
                statement -> {
                    statement.setString(1, tenantName);
                    statement.setString(2, id);
                },
                row -> row.getString(1)));
    }

    @Override
    public Optional<FollowGroup.Outcomes> outcomes(String tenantName, String id) {
        return statements
                .read(
                        "SELECT success_group_id, failure_group_id FROM scheduler.execution_groups"
                                + " WHERE tenant_name = ? AND id = ?",
                        statement -> {
                            statement.setString(1, tenantName);
                            statement.setString(2, id);
                        },
                        row -> new FollowGroup.Outcomes(row.getString(1), row.getString(2)))
                .stream()
                .findFirst();
    }

    @Override
    public void outcomes(String tenantName, String id, FollowGroup.Outcomes outcomes) {
        statements.write(
                "UPDATE scheduler.execution_groups SET success_group_id = ?, failure_group_id = ?"
                        + " WHERE tenant_name = ? AND id = ?",
                statement -> {
                    statement.setString(1, outcomes.success());
                    statement.setString(2, outcomes.failure());
                    statement.setString(3, tenantName);
                    statement.setString(4, id);
                });
    }

    @Override
    public boolean hasUnfinished(String tenantName, String concurrencyKey) {
        return !statements
                .read(
                        UNFINISHED,
                        statement -> {
                            statement.setString(1, tenantName);
                            statement.setString(2, concurrencyKey);
                            statement.setString(3, tenantName);
                            statement.setString(4, concurrencyKey);
                        },
                        row -> true)
                .isEmpty();
    }

    @Override
    public Optional<Integer> concurrency(String tenantName, String id) {
        return statements
                .read(
                        "SELECT concurrency FROM scheduler.execution_groups WHERE tenant_name = ? AND id = ?"
                                + " AND concurrency IS NOT NULL",
                        statement -> {
                            statement.setString(1, tenantName);
                            statement.setString(2, id);
                        },
                        row -> row.getInt(1))
                .stream()
                .findFirst();
    }

    @Override
    public List<String> removeOf(String tenantName, String deploymentGroupId) {
        for (String column : List.of("success_group_id", "failure_group_id")) {
            statements.write(
                    "UPDATE scheduler.execution_groups SET " + column + " = NULL WHERE tenant_name = ? AND " + column
                            + " = ?",
                    statement -> {
                        statement.setString(1, tenantName);
                        statement.setString(2, deploymentGroupId);
                    });
        }
        List<String> ids = statements.read(
                "DELETE FROM scheduler.execution_groups WHERE tenant_name = ? AND deployment_group_id = ? RETURNING id",
                statement -> {
                    statement.setString(1, tenantName);
                    statement.setString(2, deploymentGroupId);
                },
                row -> row.getString(1));
        for (String sql : List.of(
                "DELETE FROM scheduler.execution_group_members WHERE tenant_name = ? AND execution_group_id = ANY (?)",
                "DELETE FROM scheduler.events WHERE tenant_name = ? AND execution_group_id = ANY (?)"
                        + " AND execution_id IS NULL")) {
            statements.write(sql, statement -> {
                statement.setString(1, tenantName);
                statement.setArray(2, statement.getConnection().createArrayOf("text", ids.toArray()));
            });
        }
        for (String id : ids) {
            statements.write(
                    "UPDATE scheduler.executions SET concurrency_key = NULL WHERE tenant_name = ? AND concurrency_key = ?"
                            + " AND status NOT IN ('terminated', 'failed', 'cancelled')",
                    statement -> {
                        statement.setString(1, tenantName);
                        statement.setString(2, StartGroup.key(id));
                    });
        }
        return ids;
    }

    @Override
    public void concurrency(String tenantName, String id, int concurrency) {
        statements.write(
                "UPDATE scheduler.execution_groups SET concurrency = ? WHERE tenant_name = ? AND id = ?", statement -> {
                    statement.setInt(1, concurrency);
                    statement.setString(2, tenantName);
                    statement.setString(3, id);
                });
    }
}
