package io.holdfast.inventory.secrets.app;

import com.fasterxml.jackson.databind.JsonNode;

/** Holds values against JSON Schemas. */
public interface ValueSchemas {

    /**
     * @throws io.holdfast.contracts.errors.ManagerException {@code bad_parameters_error} if the schema is none, {@code conflict_error}
     *     if the value does not fit; never with the value in its text
     */
    void check(JsonNode schema, JsonNode value);
}
