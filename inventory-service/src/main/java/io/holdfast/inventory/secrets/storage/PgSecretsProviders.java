package io.holdfast.inventory.secrets.storage;

import com.fasterxml.jackson.databind.util.RawValue;
import io.agroal.api.AgroalDataSource;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.secrets.app.Keyring;
import io.holdfast.inventory.secrets.app.SecretsProviders;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Row;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

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
            .searchBy("_search", "e.name")
            .sortBy("created_at")
            .build();

    private final Keyring keyring;

    PgSecretsProviders(@DataSource("inventory") AgroalDataSource dataSource, Keyring keyring) {
        super(dataSource, ENTITY);
        this.keyring = keyring;
    }

    @Override
    public Row get(String name, ListRequest request, CallerIdentity caller) {
        Row row = super.get(name, request, caller);
        if (row.wants(PARAMETERS)) {
            row.hidden(PARAMETERS)
                    .map(closed -> keyring.open(closed, "secrets_providers", row.tenant(), row.id()))
                    .ifPresent(json -> row.json().putRawValue(PARAMETERS, new RawValue(json)));
        }
        return row;
    }
}
