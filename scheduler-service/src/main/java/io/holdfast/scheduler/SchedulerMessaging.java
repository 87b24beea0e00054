package io.holdfast.scheduler;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.messaging.OutgoingSource;
import io.holdfast.messaging.ServiceSchema;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The scheduler-service's part in database and broker. */
@ApplicationScoped
public class SchedulerMessaging {

    /** The service's short name. */
    public static final String SERVICE = "scheduler";

    public static final String COMMANDS = "scheduler.commands";

    public static final String EVENTS = "scheduler.events";

    /** It hears every fact: what it does not handle it acknowledges, so that no fact is without a listener. */
    @Produces
    @Singleton
    ServiceSchema schedulerSchema(@DataSource("scheduler") AgroalDataSource dataSource, OutgoingSource starts) {
        return ServiceSchema.of(SERVICE, dataSource)
                .withMigrations("db/scheduler_control")
                .withQueue(COMMANDS, Event.COMMANDS, "scheduler.#")
                .withQueue(EVENTS, Event.EVENTS, "#")
                .withSource(starts);
    }
}
