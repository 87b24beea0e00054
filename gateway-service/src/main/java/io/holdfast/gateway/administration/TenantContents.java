package io.holdfast.gateway.administration;

import java.util.Map;

/** What a tenant holds, asked of the services that own it. */
public interface TenantContents {

    /** How many of what, only where there are any; the keys are for people, for example {@code blueprints}. */
    Map<String, Long> of(String tenant);

    /** Has the services remove what they have under the name of a tenant that is no more. Idempotent. */
    void forget(String tenant);
}
