package io.holdfast.snapshot.building.storage;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.snapshot.building.StateExport;
import io.holdfast.state.secrets.DataKeys;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the engine for the database of this installation. */
@ApplicationScoped
class Exports {

    /** The engine reads with the service's own role: what it may not read is no state. */
    private static final String ROLE = "holdfast_snapshot";

    @Produces
    @Singleton
    StateExport export(
            @ConfigProperty(name = "holdfast.database.url") String url,
            @ConfigProperty(name = "holdfast.database.username") String username,
            @ConfigProperty(name = "holdfast.database.password") String password,
            @ConfigProperty(name = "holdfast.secret-key") String secretKey) {
        return new PgStateExport(
                new PgStateExport.Source(url, username, password, ROLE), new DataKeys(MasterKey.of(secretKey)), false);
    }
}
