package io.holdfast.inventory.deployments.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.language.InstanceSuffixes;
import io.holdfast.inventory.language.ManagerFacts;
import java.util.Set;

/** What a caller, who makes or changes a deployment, sees of the manager. */
public final class SeenByCaller implements ManagerFacts {

    private final DeploymentRecords records;
    private final InstanceSuffixes suffixes;
    private final CallerIdentity caller;

    public SeenByCaller(DeploymentRecords records, InstanceSuffixes suffixes, CallerIdentity caller) {
        this.records = records;
        this.suffixes = suffixes;
        this.caller = caller;
    }

    @Override
    public boolean hasSecret(String key) {
        return records.hasSecret(key, caller);
    }

    @Override
    public String newSuffix() {
        return suffixes.next();
    }

    @Override
    public Set<String> nodeInstancesAmong(Set<String> ids) {
        return records.nodeInstancesAmong(ids, caller);
    }
}
