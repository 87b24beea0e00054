package io.holdfast.inventory.deployments.storage;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DeploymentState;
import io.holdfast.inventory.language.RuntimeValues;
import io.holdfast.inventory.resources.storage.JsonText;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Optional;

/** Reads a deployment with its nodes, instances and labels: four statements. */
@Singleton
class PgDeploymentStates implements DeploymentState.Source {

    private final Statements statements;
    private final ObjectMapper json;

    PgDeploymentStates(@DataSource("inventory") AgroalDataSource dataSource, ObjectMapper json) {
        this.statements = new Statements(dataSource);
        this.json = json;
    }

    @Override
    public Optional<DeploymentState> find(String id, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, blueprint_id, display_name, created_by, inputs, outputs, capabilities"
                                + " FROM inventory.deployments" + Seen.ONE,
                        row -> new DeploymentState(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                JsonText.object(json, row.getString(6)),
                                JsonText.object(json, row.getString(7)),
                                JsonText.object(json, row.getString(8)),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>(),
                                new LinkedHashMap<>()),
                        Seen.of(id, caller))
                .stream()
                .findFirst()
                .map(this::filled);
    }

    private DeploymentState filled(DeploymentState state) {
        statements.query(
                "SELECT id, properties FROM inventory.nodes WHERE tenant_name = ? AND deployment_id = ?",
                row -> state.nodeProperties().put(row.getString(1), JsonText.object(json, row.getString(2))),
                state.tenant(),
                state.id());
        statements.query(
                "SELECT id, node_id, runtime_properties FROM inventory.node_instances WHERE tenant_name = ? AND"
                        + " deployment_id = ? ORDER BY index, storage_id",
                row -> {
                    state.nodeOfInstance().put(row.getString(1), row.getString(2));
                    return state.instances()
                            .computeIfAbsent(row.getString(2), node -> new ArrayList<>())
                            .add(new RuntimeValues.Instance(row.getString(1), JsonText.object(json, row.getString(3))));
                },
                state.tenant(),
                state.id());
        statements.query(
                "SELECT key, value FROM inventory.deployment_labels WHERE tenant_name = ? AND deployment_id = ? ORDER"
                        + " BY created_at, value, storage_id",
                row -> state.labels()
                        .computeIfAbsent(row.getString(1), key -> new ArrayList<>())
                        .add(row.getString(2)),
                state.tenant(),
                state.id());
        return state;
    }
}
