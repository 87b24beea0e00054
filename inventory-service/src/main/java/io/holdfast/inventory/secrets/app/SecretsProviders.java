package io.holdfast.inventory.secrets.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.listing.Catalogue;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** External stores of secrets. Their connection parameters are opened on a single get only, and for administrators only. */
public interface SecretsProviders extends Catalogue {

    /** @param parameters JSON; null: none */
    record New(
            String tenant,
            String name,
            String type,
            @Nullable String parameters,
            Visibility visibility,
            String createdBy,
            Instant createdAt) {}

    /** @param parameters JSON, opened; null: none */
    record Stored(String type, @Nullable String parameters) {}

    boolean has(String name, CallerIdentity caller);

    /** For a test of its connection, whoever asks; {@code not_found_error}. */
    Stored stored(String name, CallerIdentity caller);

    /** Of the caller's own tenant; {@code not_found_error}, {@code illegal_action_error}. */
    Owned own(String name, CallerIdentity caller);

    /** @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} where another has the name, here or globally */
    void add(New provider);

    void type(Owned provider, String type);

    void parameters(Owned provider, String json);

    void visibility(Owned provider, Visibility visibility);

    void updatedAt(Owned provider, Instant at);

    /** Keys of secrets that it provides. */
    List<String> secrets(Owned provider);

    void remove(Owned provider);
}
