package io.holdfast.restore.requests.storage;

import io.agroal.api.AgroalDataSource;
import io.holdfast.restore.requests.DatabaseClock;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** PostgreSQL's clock, also within a transaction that began earlier. */
@ApplicationScoped
class PgDatabaseClock implements DatabaseClock {

    private final AgroalDataSource dataSource;

    PgDatabaseClock(@DataSource("restore") AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public Instant instant() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement query = connection.prepareStatement("SELECT clock_timestamp()");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask the database for its time", e);
        }
    }
}
