package io.holdfast.gateway.administration;

import java.util.Map;

/** What a tenant holds, asked of the services that own it. */
public interface TenantContents {

    /** How many of what, only where there are any; the keys are for people, for example {@code blueprints}. */
    Map<String, Long> of(String tenant);
}
