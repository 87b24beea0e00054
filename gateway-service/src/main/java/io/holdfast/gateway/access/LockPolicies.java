package io.holdfast.gateway.access;

/** Where the present {@link LockPolicy} comes from: it can be changed while the manager runs. */
public interface LockPolicies {

    LockPolicy current();
}
