package io.holdfast.workflow;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.messaging.ServiceSchema;
import io.holdfast.workflow.bridge.app.BridgeConfig;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** This service's part in the database and the broker. */
@ApplicationScoped
public class WorkflowMessaging {

    /** Its short name. */
    public static final String SERVICE = "workflow";

    /** The queue of commands to it. */
    public static final String COMMANDS = "workflow.commands";

    /** The queue of facts that it follows. */
    public static final String FACTS = "workflow.events";

    @Produces
    @Singleton
    ServiceSchema workflowSchema(@DataSource(SERVICE) AgroalDataSource dataSource, BridgeConfig bridge) {
        ServiceSchema schema = ServiceSchema.of(SERVICE, dataSource)
                .withMigrations("db/workflow_control")
                .withQueue(COMMANDS, Event.COMMANDS, "workflow.#")
                .withQueue(FACTS, Event.EVENTS, "restore.completed.#", "restore.undone.#");
        // Only an attached worker's listeners want to know what becomes of executions.
        return bridge.enabled() ? schema.withQueue(FACTS, Event.EVENTS, "execution.#") : schema;
    }
}
