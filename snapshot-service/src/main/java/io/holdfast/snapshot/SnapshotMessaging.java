package io.holdfast.snapshot;

import io.agroal.api.AgroalDataSource;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The snapshot-service's part in database and broker. It only tells: what it has to do it finds in its own tables. */
@ApplicationScoped
public class SnapshotMessaging {

    /** The service's short name. */
    public static final String SERVICE = "snapshot";

    @Produces
    @Singleton
    ServiceSchema snapshotSchema(@DataSource(SERVICE) AgroalDataSource dataSource) {
        return ServiceSchema.of(SERVICE, dataSource).withMigrations("db/snapshot_control");
    }
}
