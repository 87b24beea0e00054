package io.holdfast.inventory.language;

import java.util.Set;

/** What preparing a deployment needs to know of the manager. */
public interface ManagerFacts {

    /** Whether the tenant has this secret, or sees it. */
    boolean hasSecret(String key);

    /** Six characters that no two node instances share: {@code a-z0-9}. */
    String newSuffix();

    /** Those of the ids that node instances of the tenant have. */
    Set<String> nodeInstancesAmong(Set<String> ids);
}
