package io.holdfast.inventory.secrets.app;

/** Opens what a row has sealed, and seals what it is to have. */
public interface Keyring {

    /**
     * @param table where the value stands, without its schema
     * @param key the row's primary key, in the order of its columns
     * @throws io.holdfast.contracts.errors.ManagerException {@code internal_server_error} if the manager has no data key yet
     * @throws IllegalStateException if the value was sealed for another row, or under a key that is not here
     */
    String open(String sealed, String table, String... key);

    /** With the newest data key; the first value of a manager makes one. Parameters as of {@link #open}. */
    String seal(String plain, String table, String... key);
}
