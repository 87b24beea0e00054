package io.holdfast.inventory.secrets.app;

import java.util.Map;

/** Reaches external stores of secrets. */
public interface ProviderConnections {

    /**
     * @param parameters of the type: {@code url} and {@code token} of a vault
     * @throws io.holdfast.contracts.errors.ManagerException {@code bad_parameters_error} if a parameter is missing or the store does not
     *     let the manager in, with its reason and never with a token
     */
    void test(String type, Map<String, String> parameters);
}
