package io.holdfast.inventory.agents.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Visibility;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of agents, for writing. Each change belongs to the transaction that runs. */
public interface AgentRecords {

    /** Where an agent is: of the instance, the host and the deployment. */
    record Place(
            String tenant,
            String nodeInstanceId,
            String nodeId,
            String deploymentId,
            @Nullable String hostId) {}

    /** @param rabbitmqPassword plain; it is sealed where it is kept */
    record New(
            String name,
            Place place,
            String state,
            @Nullable String ip,
            @Nullable String installMethod,
            @Nullable String system,
            @Nullable String version,
            @Nullable String rabbitmqUsername,
            @Nullable String rabbitmqPassword,
            @Nullable String rabbitmqExchange,
            Visibility visibility,
            String createdBy,
            Instant createdAt) {}

    /** Of the node instance that the caller sees. */
    Optional<Place> place(String nodeInstanceId, CallerIdentity caller);

    /** False if the tenant has an agent of this name already; that one is not touched. */
    boolean add(New agent);

    /** False if the tenant has no agent of this name. @param state null: as it is; the same for system and version */
    boolean update(
            String tenant,
            String name,
            @Nullable String state,
            @Nullable String system,
            @Nullable String version,
            Instant at);

    /** How many there are, in all tenants. */
    long count();
}
