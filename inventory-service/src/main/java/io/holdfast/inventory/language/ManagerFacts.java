package io.holdfast.inventory.language;

/** What preparing a deployment needs to know of the manager. */
public interface ManagerFacts {

    /** Whether the tenant has this secret, or sees it. */
    boolean hasSecret(String key);

    /** Six characters that no two node instances share: {@code a-z0-9}. */
    String newSuffix();

    /** Whether the tenant has a node instance of this id. */
    boolean hasNodeInstance(String id);
}
