package io.holdfast.scheduler.reading.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.scheduler.reading.app.OperationCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgOperationCatalogue extends EntityCatalogue implements OperationCatalogue {

    private static final Entity ENTITY = Entity.of("Operation", """
                    scheduler.operations e
                    LEFT JOIN scheduler.tasks_graphs g ON g.tenant_name = e.tenant_name AND g.id = e.tasks_graph_id""")
            .times("created_at")
            .texts("id", "name", "state", "type", "manager_name", "agent_name", "tasks_graph_id")
            .jsons("dependencies", "parameters")
            .filterOnly("graph_id", "e.tasks_graph_id")
            .filterOnly("execution_id", "g.execution_id")
            .owned("e")
            .indexedByTenant()
            .sortBy("created_at")
            .build();

    PgOperationCatalogue(@DataSource("scheduler") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
