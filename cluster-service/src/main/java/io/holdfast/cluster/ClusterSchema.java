package io.holdfast.cluster;

import io.agroal.api.AgroalDataSource;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** This service's part in the database. It consumes nothing. */
@ApplicationScoped
public class ClusterSchema {

    @Produces
    @Singleton
    ServiceSchema clusterSchema(@DataSource("cluster") AgroalDataSource dataSource) {
        return ServiceSchema.of("cluster", dataSource).withMigrations("db/cluster_control");
    }
}
