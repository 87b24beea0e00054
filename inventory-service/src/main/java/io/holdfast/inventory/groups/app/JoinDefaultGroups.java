package io.holdfast.inventory.groups.app;

import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DefaultGroups;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Puts new deployments into groups that their blueprint names. */
@ApplicationScoped
public class JoinDefaultGroups implements DefaultGroups {

    private final GroupRecords records;
    private final Clock clock;

    JoinDefaultGroups(GroupRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    @Override
    @Transactional
    public void join(List<String> groupIds, String deploymentId, CallerIdentity caller) {
        // The same order for everybody, so that no two wait for each other.
        groupIds.stream().distinct().sorted().forEach(id -> join(id, deploymentId, caller));
    }

    private void join(String groupId, String deploymentId, CallerIdentity caller) {
        String tenant = Objects.requireNonNull(caller.tenant(), "a deployment has a tenant");
        Instant now = clock.instant();
        Optional<GroupRecords.Group> present = records.find(groupId, caller);
        if (present.isPresent() && !present.get().tenant().equals(tenant)) {
            throw Refusals.taken("DeploymentGroup", groupId, present.get().tenant());
        }
        GroupRecords.Group group = present.orElseGet(() -> new GroupRecords.Group(
                tenant, ResourceId.checkCharacters("group_id", groupId), null, null, Map.of(), 0, Visibility.TENANT));
        if (present.isEmpty()) {
            records.put(group, caller, now);
        }
        records.addMembers(group, List.of(deploymentId), caller.username(), now);
    }
}
