package io.holdfast.scheduler.reading.app;

import io.holdfast.http.CallerIdentity;
import java.util.List;

/** Deployment groups, which another service owns. */
public interface DeploymentGroupMembers {

    /** Ids of the group's deployments; {@code not_found_error} if the caller sees no such group. */
    List<String> of(String groupId, CallerIdentity caller);
}
