package io.holdfast.inventory.files.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.deployments.app.DeploymentRecords;
import io.holdfast.inventory.files.Place;
import io.holdfast.inventory.resources.Refusals;

/** Whose files a caller may read or change. */
final class SeenDeployments {

    private SeenDeployments() {}

    /** @throws io.holdfast.contracts.errors.ManagerException {@code not_found_error} for what the caller does not see */
    static void require(Place place, DeploymentRecords records, CallerIdentity caller) {
        records.find(place.id(), caller)
                .filter(deployment -> deployment.tenant().equals(place.tenant()))
                .orElseThrow(() -> Refusals.notFound("Deployment", place.id()));
    }

    /** As {@link #require}; {@code illegal_action_error} for a global one of another tenant. */
    static void requireOwn(Place place, DeploymentRecords records, CallerIdentity caller) {
        require(place, records, caller);
        Refusals.requireOwn(place.id(), place.tenant(), caller.tenant());
    }
}
