package io.holdfast.scheduler.reading.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.listing.Entity;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Lister;
import io.holdfast.listing.Listing;
import io.holdfast.listing.Row;
import io.holdfast.scheduler.reading.GroupStatus;
import io.holdfast.scheduler.reading.app.ExecutionGroupCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

@Singleton
class PgExecutionGroupCatalogue implements ExecutionGroupCatalogue {

    private static final String EXECUTIONS = "execution_ids";
    private static final String STATUS = "status";

    private static final Entity BRIEF = shared().derived(EXECUTIONS, STATUS).build();
    private static final Entity WHOLE = shared().derived(PgExecutionGroupCatalogue::addExecutions, EXECUTIONS, STATUS)
            .build();

    private final Lister lister;

    PgExecutionGroupCatalogue(@DataSource("scheduler") AgroalDataSource dataSource) {
        this.lister = new Lister(dataSource);
    }

    private static Entity.Builder shared() {
        return Entity.of("ExecutionGroup", "scheduler.execution_groups e")
                .times("created_at")
                .texts("id", "workflow_id", "deployment_group_id")
                .integers("concurrency")
                .owned("e")
                .counted("scheduler", "execution_groups")
                .searchBy("_search", "e.id")
                .sortBy("created_at");
    }

    @Override
    public Listing list(ListRequest request, CallerIdentity caller) {
        return lister.list(request.getData() ? WHOLE : BRIEF, request, caller);
    }

    @Override
    public Row get(String id, ListRequest request, CallerIdentity caller) {
        return lister.get(WHOLE, id, request, caller);
    }

    /** One statement for a page. A member that is no execution (any more) is named, but has no status. */
    private static void addExecutions(Connection connection, List<Row> rows) throws SQLException {
        Map<String, Row> groups = new HashMap<>();
        Map<String, List<String>> ids = new HashMap<>();
        Map<String, List<String>> statuses = new HashMap<>();
        for (Row row : rows) {
            String key = key(row.tenant(), row.id());
            groups.put(key, row);
            ids.put(key, new ArrayList<>());
            statuses.put(key, new ArrayList<>());
        }
        try (PreparedStatement query = connection.prepareStatement("""
                SELECT m.tenant_name, m.execution_group_id, m.execution_id, x.status
                FROM scheduler.execution_group_members m
                LEFT JOIN scheduler.executions x ON x.tenant_name = m.tenant_name AND x.id = m.execution_id
                WHERE m.tenant_name = ANY (?) AND m.execution_group_id = ANY (?)
                ORDER BY x.storage_id, m.execution_id""")) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text", rows.stream().map(Row::tenant).distinct().toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", rows.stream().map(Row::id).distinct().toArray()));
            try (ResultSet member = query.executeQuery()) {
                while (member.next()) {
                    String key = key(member.getString(1), member.getString(2));
                    if (groups.containsKey(key)) {
                        ids.get(key).add(member.getString(3));
                        if (member.getString(4) != null) {
                            statuses.get(key).add(member.getString(4));
                        }
                    }
                }
            }
        }
        groups.forEach((key, row) -> {
            if (row.wants(EXECUTIONS)) {
                ArrayNode array = row.json().putArray(EXECUTIONS);
                ids.get(key).forEach(array::add);
            }
            if (row.wants(STATUS)) {
                row.json().put(STATUS, GroupStatus.of(statuses.get(key)).orElse(null));
            }
        });
    }

    private static String key(String tenant, String id) {
        return tenant + "/" + id;
    }
}
