package io.holdfast.inventory.directory.app;

/** The manager's tenants and users. */
public interface Directory {

    boolean hasTenant(String name);

    boolean hasUser(String name);

    /** Whether a node of the manager goes by this name. */
    boolean hasManager(String hostname);
}
