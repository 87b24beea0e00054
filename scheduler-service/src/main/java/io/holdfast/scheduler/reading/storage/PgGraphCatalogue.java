package io.holdfast.scheduler.reading.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.listing.Entity;
import io.holdfast.listing.EntityCatalogue;
import io.holdfast.scheduler.reading.app.GraphCatalogue;
import io.quarkus.agroal.DataSource;
import jakarta.inject.Singleton;

@Singleton
class PgGraphCatalogue extends EntityCatalogue implements GraphCatalogue {

    private static final Entity ENTITY = Entity.of("TasksGraph", "scheduler.tasks_graphs e")
            .times("created_at")
            .texts("id", "name", "execution_id")
            .owned("e")
            .indexedByTenant()
            .sortBy("created_at")
            .build();

    PgGraphCatalogue(@DataSource("scheduler") AgroalDataSource dataSource) {
        super(dataSource, ENTITY);
    }
}
