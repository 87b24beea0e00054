package io.holdfast.inventory.secrets.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Visibility;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes, tests, changes and removes secrets providers. */
@ApplicationScoped
public class ChangeSecretsProvider {

    /** Types that the product knows. */
    private static final List<String> TYPES = List.of("vault", "cyberark");

    private final SecretsProviders providers;
    private final ProviderConnections connections;
    private final Clock clock;

    ChangeSecretsProvider(SecretsProviders providers, ProviderConnections connections, Clock clock) {
        this.providers = providers;
        this.connections = connections;
        this.clock = clock;
    }

    /**
     * @param parameters JSON; null: none
     * @param createdBy null: who asks; the same for {@code createdAt}: then
     */
    @Transactional
    public void create(
            String name,
            String type,
            @Nullable String parameters,
            Visibility visibility,
            @Nullable String createdBy,
            @Nullable Instant createdAt,
            CallerIdentity caller) {
        providers.add(new SecretsProviders.New(
                Objects.requireNonNull(caller.tenant(), "a secrets provider has a tenant"),
                name,
                known(type),
                parameters,
                visibility,
                createdBy == null ? caller.username() : createdBy,
                createdAt == null ? clock.instant() : createdAt));
    }

    /** Null: as it is. */
    @Transactional
    public void change(
            String name,
            @Nullable String type,
            @Nullable String parameters,
            @Nullable Visibility visibility,
            CallerIdentity caller) {
        Owned provider = providers.own(name, caller);
        if (type != null) {
            providers.type(provider, known(type));
        }
        if (parameters != null) {
            providers.parameters(provider, parameters);
        }
        if (visibility != null) {
            providers.visibility(provider, visibility);
        }
        providers.updatedAt(provider, clock.instant());
    }

    @Transactional
    public void remove(String name, CallerIdentity caller) {
        Owned provider = providers.own(name, caller);
        List<String> secrets = providers.secrets(provider);
        if (!secrets.isEmpty()) {
            throw new ManagerException(
                    ErrorCode.CONFLICT,
                    "Can't delete the secrets provider `" + name + "`, it provides the secrets "
                            + String.join(", ", secrets),
                    "delete these secrets first, or give them a value of their own");
        }
        providers.remove(provider);
    }

    /** Tries to reach it; nothing is kept. Returns if it can be reached and lets the manager in. */
    public void test(String type, Map<String, String> parameters) {
        connections.test(known(type), parameters);
    }

    private static String known(String type) {
        if (!TYPES.contains(type)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Invalid secrets provider type: `" + type + "`. Valid types are: ['" + String.join("', '", TYPES)
                            + "']",
                    null);
        }
        return type;
    }
}
