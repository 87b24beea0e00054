package io.holdfast.inventory.agents.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.agents.app.AgentRecords;
import io.holdfast.inventory.resources.storage.Seen;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.secrets.app.Keyring;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Singleton
class PgAgentRecords implements AgentRecords {

    private final Statements statements;
    private final Keyring keyring;

    PgAgentRecords(@DataSource("inventory") AgroalDataSource dataSource, Keyring keyring) {
        this.statements = new Statements(dataSource);
        this.keyring = keyring;
    }

    @Override
    public Optional<Place> place(String nodeInstanceId, CallerIdentity caller) {
        return statements
                .query(
                        "SELECT tenant_name, id, node_id, deployment_id, host_id FROM inventory.node_instances"
                                + Seen.ONE,
                        row -> new Place(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5)),
                        Seen.of(nodeInstanceId, caller))
                .stream()
                .findFirst();
    }

    @Override
    public boolean add(New agent) {
        Place place = agent.place();
        // Names are keys to clients only: two requests for one name come one after the other.
        statements.query(
                "SELECT pg_advisory_xact_lock(hashtextextended('agent ' || ? || '/' || ?, 0))",
                row -> true,
                place.tenant(),
                agent.name());
        if (statements.exists(
                "SELECT FROM inventory.agents WHERE tenant_name = ? AND (name = ? OR id = ?)",
                place.tenant(),
                agent.name(),
                agent.name())) {
            return false;
        }
        String password = agent.rabbitmqPassword();
        statements.update(
                """
                INSERT INTO inventory.agents (tenant_name, id, name, node_instance_id, deployment_id, node_id, host_id, ip,
                    install_method, system, version, state, rabbitmq_username, rabbitmq_password_enc, rabbitmq_exchange,
                    visibility, created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                place.tenant(),
                agent.name(),
                agent.name(),
                place.nodeInstanceId(),
                place.deploymentId(),
                place.nodeId(),
                place.hostId(),
                agent.ip(),
                agent.installMethod(),
                agent.system(),
                agent.version(),
                agent.state(),
                agent.rabbitmqUsername(),
                password == null ? null : keyring.seal(password, "agents", place.tenant(), agent.name()),
                agent.rabbitmqExchange(),
                agent.visibility().wireName(),
                agent.createdBy(),
                agent.createdAt(),
                agent.createdAt());
        return true;
    }

    @Override
    public boolean update(
            String tenant,
            String name,
            @Nullable String state,
            @Nullable String system,
            @Nullable String version,
            Instant at) {
        return statements.update(
                        "UPDATE inventory.agents SET state = coalesce(?, state), system = coalesce(?, system), version"
                                + " = coalesce(?, version), updated_at = ? WHERE tenant_name = ? AND name = ?",
                        state,
                        system,
                        version,
                        at,
                        tenant,
                        name)
                > 0;
    }

    @Override
    public long count() {
        return statements
                .query("SELECT count(*) FROM inventory.agents", row -> row.getLong(1))
                .get(0);
    }
}
