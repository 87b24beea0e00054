package io.holdfast.inventory.secrets.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes secrets. Source of the rules and texts: cloudify-api section 10. */
@ApplicationScoped
public class ChangeSecret {

    /** What a secret is to be. @param value any JSON; null: none, then there must be a provider */
    public record Wanted(
            String key,
            @Nullable JsonNode value,
            @Nullable JsonNode schema,
            boolean hiddenValue,
            @Nullable String provider,
            @Nullable JsonNode providerOptions,
            Visibility visibility) {}

    /** What is to change. Null: as it is. */
    public record Change(
            @Nullable JsonNode value,
            @Nullable JsonNode schema,
            @Nullable Boolean hiddenValue,
            @Nullable String provider,
            @Nullable JsonNode providerOptions,
            @Nullable Visibility visibility,
            @Nullable String createdBy) {}

    private final SecretRecords records;
    private final SecretsProviders providers;
    private final ValueSchemas schemas;
    private final Clock clock;

    ChangeSecret(SecretRecords records, SecretsProviders providers, ValueSchemas schemas, Clock clock) {
        this.records = records;
        this.providers = providers;
        this.schemas = schemas;
        this.clock = clock;
    }

    /** @param updateIfExists changes the one that is there instead of being refused */
    @Transactional
    public void put(Wanted wanted, boolean updateIfExists, CallerIdentity caller) {
        JsonNode schema = wanted.schema();
        JsonNode value = wanted.value();
        requireProvider(wanted.provider(), caller);
        if (schema != null && value != null) {
            schemas.check(schema, value);
        }
        records.lock(wanted.key());
        Optional<SecretRecords.Stored> present = updateIfExists ? records.find(wanted.key(), caller) : Optional.empty();
        if (present.isPresent()) {
            replace(wanted, caller);
            return;
        }
        Instant now = clock.instant();
        records.add(new SecretRecords.New(
                Objects.requireNonNull(caller.tenant(), "a secret has a tenant"),
                wanted.key(),
                stored(value, schema),
                schema,
                wanted.hiddenValue(),
                wanted.provider(),
                wanted.providerOptions(),
                wanted.visibility(),
                caller.username(),
                now,
                now));
    }

    private void replace(Wanted wanted, CallerIdentity caller) {
        SecretRecords.Stored secret = records.own(wanted.key(), caller);
        requireMayModify(secret, caller);
        requireMayHide(secret, wanted.hiddenValue() ? true : null, caller);
        records.value(secret, stored(wanted.value(), wanted.schema()));
        records.schema(secret, wanted.schema());
        records.hiddenValue(secret, wanted.hiddenValue());
        String provider = wanted.provider();
        if (provider != null) {
            records.provider(secret, provider);
        }
        JsonNode options = wanted.providerOptions();
        if (options != null) {
            records.providerOptions(secret, options);
        }
        records.visibility(secret, wanted.visibility());
        records.updatedAt(secret, clock.instant());
    }

    @Transactional
    public void change(String key, Change change, CallerIdentity caller) {
        SecretRecords.Stored secret = records.own(key, caller);
        requireMayModify(secret, caller);
        requireMayHide(secret, change.hiddenValue(), caller);
        requireProvider(change.provider(), caller);
        Boolean hidden = change.hiddenValue();
        if (hidden != null) {
            records.hiddenValue(secret, hidden);
        }
        Visibility visibility = change.visibility();
        if (visibility != null) {
            records.visibility(secret, visibility);
        }
        value(secret, change);
        String provider = change.provider();
        if (provider != null) {
            records.provider(secret, provider);
        }
        JsonNode options = change.providerOptions();
        if (options != null && !options.isEmpty()) {
            records.providerOptions(secret, options);
        }
        String createdBy = change.createdBy();
        if (createdBy != null) {
            records.createdBy(secret, createdBy);
        }
        records.updatedAt(secret, clock.instant());
    }

    private void value(SecretRecords.Stored secret, Change change) {
        JsonNode value = change.value();
        JsonNode newSchema = change.schema();
        JsonNode schema = newSchema == null ? secret.schema() : newSchema;
        if (value == null) {
            if (newSchema != null) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        "the schema of the secret `" + secret.owned().id() + "` cannot be changed without its value",
                        "send the value with it");
            }
            return;
        }
        if (schema != null) {
            schemas.check(schema, value);
        }
        records.value(secret, stored(value, schema));
        if (newSchema != null) {
            records.schema(secret, newSchema);
        }
    }

    /** With a schema as JSON; without one, texts as they are and others as their JSON. */
    private static @Nullable String stored(@Nullable JsonNode value, @Nullable JsonNode schema) {
        if (value == null) {
            return null;
        }
        return schema == null && value.isTextual() ? value.asText() : value.toString();
    }

    @Transactional
    public void visibility(String key, Visibility visibility, CallerIdentity caller) {
        SecretRecords.Stored secret = records.own(key, caller);
        records.visibility(secret, visibility);
        records.updatedAt(secret, clock.instant());
    }

    @Transactional
    public void remove(String key, CallerIdentity caller) {
        SecretRecords.Stored secret = records.own(key, caller);
        requireMayModify(secret, caller);
        records.remove(secret);
    }

    private void requireProvider(@Nullable String provider, CallerIdentity caller) {
        if (provider != null && !providers.has(provider, caller)) {
            throw new ManagerException(
                    ErrorCode.NOT_FOUND,
                    "Requested `SecretsProvider` with ID `" + provider + "` was not found",
                    "create the secrets provider first");
        }
    }

    private static void requireMayModify(SecretRecords.Stored secret, CallerIdentity caller) {
        if (secret.hiddenValue() && !HiddenValues.permitted(secret.owned(), caller)) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + caller.username() + "` is not permitted to modify the hidden value secret `"
                            + secret.owned().id() + "`",
                    "ask its creator or an administrator");
        }
    }

    private static void requireMayHide(SecretRecords.Stored secret, @Nullable Boolean hidden, CallerIdentity caller) {
        if (hidden != null && !HiddenValues.permitted(secret.owned(), caller)) {
            throw new ManagerException(
                    ErrorCode.FORBIDDEN,
                    "User `" + caller.username() + "` is not permitted to modify the secret `"
                            + secret.owned().id() + "` to be hidden value",
                    "ask its creator or an administrator");
        }
    }
}
