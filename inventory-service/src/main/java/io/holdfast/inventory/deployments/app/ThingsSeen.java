package io.holdfast.inventory.deployments.app;

import io.holdfast.contracts.language.NamedThings;
import io.holdfast.http.CallerIdentity;

/** What values of inputs may name. */
@FunctionalInterface
public interface ThingsSeen {

    /** What the manager has, as the caller sees it. */
    NamedThings by(CallerIdentity caller);
}
