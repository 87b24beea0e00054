package io.holdfast.inventory.secrets.storage;

import com.fasterxml.jackson.databind.util.RawValue;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.resources.Owned;
import io.holdfast.inventory.resources.Refusals;
import io.holdfast.inventory.resources.Visibility;
import io.holdfast.inventory.resources.storage.OwnedTable;
import io.holdfast.inventory.resources.storage.Statements;
import io.holdfast.inventory.secrets.app.Keyring;
import io.holdfast.inventory.secrets.app.SecretsProviders;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

@Singleton
class PgSecretsProviders extends EntityCatalogue implements SecretsProviders {

    private static final String PARAMETERS = "connection_parameters";

    private static final Entity ENTITY = Entity.of("SecretsProvider", "inventory.secrets_providers e")
            .id("e.name")
            .times("created_at", "updated_at")
            .text("id", "e.name")
            .texts("name", "type")
            .derived(PARAMETERS)
            .hidden(PARAMETERS, "e.connection_parameters_enc")
            .owned("e")
            .counted("inventory", "secrets_providers")
            .searchBy("_search", "e.name")
            .sortBy("created_at")
            .build();

    private final Keyring keyring;
    private final Statements statements;
    private final OwnedTable table;

    PgSecretsProviders(@DataSource("inventory") AgroalDataSource dataSource, Keyring keyring) {
        super(dataSource, ENTITY);
        this.keyring = keyring;
        this.statements = new Statements(dataSource);
        this.table = new OwnedTable(statements, "SecretsProvider", "inventory.secrets_providers", "name");
    }

    @Override
    public Row get(String name, ListRequest request, CallerIdentity caller) {
        Row row = super.get(name, request, caller);
        if (row.wants(PARAMETERS) && caller.admin()) {
            row.hidden(PARAMETERS)
                    .map(closed -> keyring.open(closed, "secrets_providers", row.tenant(), row.id()))
                    .ifPresent(json -> row.json().putRawValue(PARAMETERS, new RawValue(json)));
        }
        return row;
    }

    @Override
    public boolean has(String name, CallerIdentity caller) {
        return table.find(name, caller).isPresent();
    }

    @Override
    public Stored stored(String name, CallerIdentity caller) {
        return table.find(name, caller).stream()
                .flatMap(provider -> statements
                        .query(
                                "SELECT type, connection_parameters_enc FROM inventory.secrets_providers"
                                        + " WHERE tenant_name = ? AND name = ?",
                                row -> new Stored(row.getString(1), opened(row.getString(2), provider)),
                                provider.tenant(),
                                name)
                        .stream())
                .findFirst()
                .orElseThrow(() -> Refusals.notFound("SecretsProvider", name));
    }

    private @Nullable String opened(@Nullable String closed, Owned provider) {
        return closed == null ? null : keyring.open(closed, "secrets_providers", provider.tenant(), provider.id());
    }

    @Override
    public Owned own(String name, CallerIdentity caller) {
        return table.own(name, caller);
    }

    @Override
    public void add(New provider) {
        table.lock(provider.name());
        table.requireFree(provider.tenant(), provider.name(), provider.visibility());
        String parameters = provider.parameters();
        statements.update(
                """
                INSERT INTO inventory.secrets_providers (tenant_name, name, type, connection_parameters_enc, visibility,
                                                         created_by, created_at, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                provider.tenant(),
                provider.name(),
                provider.type(),
                parameters == null ? null : sealed(parameters, provider.tenant(), provider.name()),
                provider.visibility().wireName(),
                provider.createdBy(),
                provider.createdAt(),
                provider.createdAt());
    }

    private String sealed(String parameters, String tenant, String name) {
        return keyring.seal(parameters, "secrets_providers", tenant, name);
    }

    @Override
    public void type(Owned provider, String type) {
        table.set(provider, "type", "", type);
    }

    @Override
    public void parameters(Owned provider, String json) {
        table.set(provider, "connection_parameters_enc", "", sealed(json, provider.tenant(), provider.id()));
    }

    @Override
    public void visibility(Owned provider, Visibility visibility) {
        table.visibility(provider, visibility);
    }

    @Override
    public void updatedAt(Owned provider, Instant at) {
        table.set(provider, "updated_at", "", at);
    }

    @Override
    public List<String> secrets(Owned provider) {
        return statements.query(
                "SELECT key FROM inventory.secrets WHERE provider_name = ? AND (tenant_name = ? OR ?) ORDER BY key LIMIT 100",
                row -> row.getString(1),
                provider.id(),
                provider.tenant(),
                provider.visibility() == Visibility.GLOBAL);
    }

    @Override
    public void remove(Owned provider) {
        table.remove(provider);
    }
}
