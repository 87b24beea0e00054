package io.holdfast.gateway;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The gateway's part in database and broker. */
@ApplicationScoped
public class GatewayMessaging {

    /** The service's short name. */
    public static final String SERVICE = "gateway";

    public static final String REQUESTS = "gateway.requests";

    @Produces
    @Singleton
    ServiceSchema gatewaySchema(@DataSource("gateway") AgroalDataSource dataSource) {
        return ServiceSchema.of(SERVICE, dataSource)
                .withMigrations("db/gateway_control")
                .withQueue(REQUESTS, Event.REQUESTS, "#");
    }
}
