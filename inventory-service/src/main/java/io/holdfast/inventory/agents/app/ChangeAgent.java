package io.holdfast.inventory.agents.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.agents.AgentState;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes down agents as workflows report them. No account is made on a broker for them. */
@ApplicationScoped
public class ChangeAgent {

    /**
     * @param rabbitmqUsername as it has been set up by who asks; null: none. The same for password and exchange
     * @param createdBy null: who asks; the same for {@code createdAt}: then
     */
    public record Request(
            String nodeInstanceId,
            String state,
            @Nullable String ip,
            @Nullable String installMethod,
            @Nullable String system,
            @Nullable String version,
            @Nullable String rabbitmqUsername,
            @Nullable String rabbitmqPassword,
            @Nullable String rabbitmqExchange,
            Visibility visibility,
            @Nullable String createdBy,
            @Nullable Instant createdAt) {}

    private final AgentRecords records;
    private final Clock clock;

    ChangeAgent(AgentRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /** False if there is one of this name already, as after a reinstallation; it stays as it is. */
    @Transactional
    public boolean add(String name, Request request, CallerIdentity caller) {
        ResourceId.check("name", name);
        AgentState.check(request.state());
        AgentRecords.Place place = records.place(request.nodeInstanceId(), caller)
                .filter(found -> found.tenant().equals(caller.tenant()))
                .orElseThrow(() -> Refusals.notFound("NodeInstance", request.nodeInstanceId()));
        return records.add(new AgentRecords.New(
                name,
                place,
                request.state(),
                request.ip(),
                request.installMethod(),
                request.system(),
                request.version(),
                request.rabbitmqUsername(),
                request.rabbitmqPassword(),
                request.rabbitmqExchange(),
                request.visibility(),
                request.createdBy() == null ? caller.username() : request.createdBy(),
                request.createdAt() == null ? clock.instant() : request.createdAt()));
    }

    /** @param state null: as it is; the same for system and version */
    @Transactional
    public void update(
            String name,
            @Nullable String state,
            @Nullable String system,
            @Nullable String version,
            CallerIdentity caller) {
        ResourceId.check("name", name);
        if (state != null) {
            AgentState.check(state);
        }
        String tenant = Objects.requireNonNull(caller.tenant(), "an agent has a tenant");
        if (!records.update(tenant, name, state, system, version, clock.instant())) {
            throw Refusals.notFound("Agent", name);
        }
    }

    /**
     * Tells all agents of new certificates. The manager has no way to agents: their own tools install them.
     *
     * @return how many were told: none, as there are none
     * @throws ManagerException method_not_allowed_error where there are agents
     */
    public long replaceCertificates() {
        long agents = records.count();
        if (agents > 0) {
            throw new ManagerException(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    "This manager sends nothing to agents, and there are " + agents + " of them",
                    "install the certificates on their hosts, or reinstall the agents with those");
        }
        return agents;
    }
}
