package io.holdfast.inventory.nodes.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.UpdateWorkflows;
import io.holdfast.inventory.nodes.SystemProperties;
import io.holdfast.inventory.resources.Refusals;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Changes and removes a node instance. */
@ApplicationScoped
public class ChangeNodeInstance {

    private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    /**
     * @param version the one that the client read; an older one than that stored is refused, unless {@code force}. 0: the first
     * @param reached whether a workflow has brought the instance to the state, rather than somebody written it down
     * @param state null: as it is; the same for the others
     */
    public record Request(
            int version,
            boolean force,
            boolean reached,
            @Nullable String state,
            @Nullable JsonNode runtimeProperties,
            @Nullable JsonNode systemProperties,
            @Nullable JsonNode relationships) {}

    private final NodeRecords records;
    private final UpdateWorkflows updates;
    private final ObjectMapper mapper;
    private final Clock clock;

    ChangeNodeInstance(NodeRecords records, UpdateWorkflows updates, ObjectMapper mapper, Clock clock) {
        this.records = records;
        this.updates = updates;
        this.mapper = mapper;
        this.clock = clock;
    }

    /** @throws ManagerException {@code conflict_error} where the instance has a newer version */
    @Transactional
    public void change(String id, Request request, CallerIdentity caller) {
        if (request.version() < 0) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "version is " + request.version() + ", expected the version that was read: 1 or more",
                    null);
        }
        if (request.relationships() != null) {
            updates.require(caller);
        }
        NodeRecords.Instance instance = own(id, caller);
        int version = Math.max(request.version(), 1);
        if (!request.force() && instance.version() > version) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Node instance update conflict [current version=" + instance.version() + ", update version="
                            + version + "]",
                    "read the instance again and change that, or pass force=true");
        }
        SystemProperties checks = checks(instance, request);
        records.update(
                instance,
                new NodeRecords.Change(
                        request.state(),
                        request.runtimeProperties(),
                        checks == null ? null : mapper.valueToTree(checks.values()),
                        request.relationships(),
                        checks == null ? null : checks.isDrifted(),
                        checks == null ? null : checks.isStatusOk()));
    }

    /** Null: they stay as they are. */
    private @Nullable SystemProperties checks(NodeRecords.Instance instance, Request request) {
        String state = request.reached() ? request.state() : null;
        JsonNode system = request.systemProperties();
        if (system == null) {
            if (state == null) {
                return null;
            }
            system = records.systemProperties(instance);
        }
        SystemProperties checks = new SystemProperties(mapper.convertValue(system, OBJECT));
        return state == null ? checks : checks.reached(state, clock.instant());
    }

    @Transactional
    public void remove(String id, CallerIdentity caller) {
        updates.require(caller);
        NodeRecords.Instance instance = own(id, caller);
        records.removeInstance(instance.tenant(), instance.id());
    }

    private NodeRecords.Instance own(String id, CallerIdentity caller) {
        NodeRecords.Instance instance =
                records.lockInstance(id, caller).orElseThrow(() -> Refusals.notFound("NodeInstance", id));
        Refusals.requireOwn(id, instance.tenant(), caller.tenant());
        return instance;
    }
}
