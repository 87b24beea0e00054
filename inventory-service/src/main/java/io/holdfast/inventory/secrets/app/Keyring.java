package io.holdfast.inventory.secrets.app;

/** Opens what a row has sealed. */
public interface Keyring {

    /**
     * @param table where the value stands, without its schema
     * @param key the row's primary key, in the order of its columns
     * @throws io.holdfast.contracts.errors.ManagerException {@code internal_server_error} if the manager has no data key yet
     * @throws IllegalStateException if the value was sealed for another row, or under a key that is not here
     */
    String open(String sealed, String table, String... key);
}
