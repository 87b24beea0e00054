package io.holdfast.messaging;

import io.holdfast.state.ClasspathMigrations;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;

/**
 * Builds a service's control schema and brings it up to date: the tables of messaging, then the service's own migrations, then the
 * grants to its role and the list of its queues. Works as the login role, which owns the schemas. Safe to call from several processes at once.
 */
public final class ControlSchema {

    private static final long GRANTS_LOCK = 0x686f6c64_00000002L;

    private final String jdbcUrl;
    private final String username;
    private final String password;

    public ControlSchema(String jdbcUrl, String username, String password) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
    }

    /** Idempotent. The service's role must be there already. */
    public void migrate(ServiceSchema service) {
        migrate(service, "messaging_history", "db/messaging");
        String own = service.migrations();
        if (own != null) {
            migrate(service, "schema_history", own);
        }
        grant(service);
    }

    private void migrate(ServiceSchema service, String table, String folder) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        if (loader == null) {
            loader = ControlSchema.class.getClassLoader();
        }
        Flyway.configure(loader)
                .dataSource(jdbcUrl, username, password)
                .schemas(service.controlSchema())
                .defaultSchema(service.controlSchema())
                .table(table)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .placeholders(Map.of("schema", service.controlSchema(), "role", service.role()))
                .resourceProvider(new ClasspathMigrations(loader, folder))
                .javaMigrationClassProvider(List::of)
                .cleanDisabled(true)
                .load()
                .migrate();
    }

    private void grant(ServiceSchema service) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, username, password);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + GRANTS_LOCK + ")");
            String schema = service.controlSchema();
            String role = service.role();
            statement.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + role);
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
            statement.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role);
            KnownQueues.write(connection, schema, service.queues());
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot grant " + service.controlSchema() + " to " + service.role(), e);
        }
    }
}
