package io.holdfast.inventory.secrets.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of secrets, for writing. Each change belongs to the transaction that runs. */
public interface SecretRecords {

    /** @param schema of the value; null: it is a text */
    record Stored(
            Owned owned, boolean hiddenValue, @Nullable JsonNode schema) {}

    /** @param value null: it is the provider's */
    record New(
            String tenant,
            String key,
            @Nullable String value,
            @Nullable JsonNode schema,
            boolean hiddenValue,
            @Nullable String provider,
            @Nullable JsonNode providerOptions,
            Visibility visibility,
            String createdBy,
            Instant createdAt,
            Instant updatedAt) {}

    /** A secret as it is exported. @param value opened; null where it is a provider's */
    record Exported(
            String tenant,
            String key,
            @Nullable String value,
            @Nullable JsonNode schema,
            boolean hiddenValue,
            @Nullable String provider,
            @Nullable JsonNode providerOptions,
            Visibility visibility,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            @Nullable Instant updatedAt) {}

    /** Others who write a secret of this key wait until the transaction ends. */
    void lock(String key);

    /** The one that the caller sees: of the tenant first, else a global one. */
    Optional<Stored> find(String key, CallerIdentity caller);

    /** The tenant's own, whoever sees it. */
    Optional<Stored> findIn(String tenant, String key);

    /** As {@link #find}, of the caller's own tenant; {@code not_found_error}, {@code illegal_action_error}. */
    Stored own(String key, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the key, here or globally */
    void add(New secret);

    void value(Stored secret, @Nullable String value);

    void schema(Stored secret, @Nullable JsonNode schema);

    void hiddenValue(Stored secret, boolean hidden);

    void provider(Stored secret, String provider);

    void providerOptions(Stored secret, JsonNode options);

    void visibility(Stored secret, Visibility visibility);

    void createdBy(Stored secret, String username);

    void updatedAt(Stored secret, Instant at);

    void remove(Stored secret);

    /**
     * Of those that the caller sees, in the order in which they were made; within a transaction, they are not all held at once.
     *
     * @param allTenants of every tenant that the caller may see
     * @param search part of the key, in any case; null: all
     * @param taker is given one after the other
     */
    void export(boolean allTenants, @Nullable String search, CallerIdentity caller, Consumer<Exported> taker);
}
