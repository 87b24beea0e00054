package io.holdfast.state;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Builds the state schemas and brings them to a revision, live or beside the live ones. Works as the login role, which owns all
 * schemas. Safe to call from several processes at once: the first does the work, the others wait.
 */
public final class StateMigrator {

    /** The services' roles. They cannot log in: the login role is a member of each and a service switches to its own. */
    public static final List<String> SERVICE_ROLES = List.of(
            "holdfast_gateway",
            "holdfast_inventory",
            "holdfast_scheduler",
            "holdfast_snapshot",
            "holdfast_restore",
            "holdfast_cluster",
            "holdfast_workflow");

    /** Any number that no other advisory lock of ours uses. */
    private static final long ROLES_LOCK = 0x686f6c64_00000001L;

    private final String jdbcUrl;
    private final String username;
    private final String password;

    public StateMigrator(String jdbcUrl, String username, String password) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
    }

    /** Makes the roles and the live schemas, or brings them to today's revision. Idempotent. */
    public void migrateLive() {
        createRoles();
        flyway(StateSchemas.LIVE, null).migrate();
    }

    /**
     * Builds the schemas of {@code schemas} (or brings them on) to {@code revision}; null means today's.
     *
     * @throws ManagerException INVALID_ARCHIVE if the revision is newer than this software knows
     */
    public void migrate(StateSchemas schemas, @Nullable String revision) {
        if (revision != null
                && MigrationVersion.fromVersion(revision).compareTo(MigrationVersion.fromVersion(latestRevision()))
                        > 0) {
            throw new ManagerException(
                    ErrorCode.INVALID_ARCHIVE,
                    "the archive holds state revision " + revision + ", newer than " + latestRevision()
                            + ", the newest that this manager knows",
                    "restore it with the version that made it, or a newer one");
        }
        createRoles();
        flyway(schemas, revision).migrate();
    }

    /** Drops the schemas of {@code schemas} with everything in them, if they are there. Never the live ones. */
    public void drop(StateSchemas schemas) {
        if (schemas.equals(StateSchemas.LIVE)) {
            throw new IllegalArgumentException("the live schemas are not dropped");
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String schema : schemas.all()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop the schemas " + schemas.all(), e);
        }
    }

    /** The newest revision that this software knows, as archives name it. */
    public static String latestRevision() {
        String latest = "0";
        for (var resource : migrations().getResources("V", new String[] {".sql"})) {
            String name = resource.getFilename();
            String version = name.substring(1, name.indexOf("__")).replace('_', '.');
            if (MigrationVersion.fromVersion(version).compareTo(MigrationVersion.fromVersion(latest)) > 0) {
                latest = version;
            }
        }
        return latest;
    }

    private Flyway flyway(StateSchemas schemas, @Nullable String revision) {
        FluentConfiguration configuration = Flyway.configure(StateMigrator.class.getClassLoader())
                .dataSource(jdbcUrl, username, password)
                .schemas(schemas.access())
                .defaultSchema(schemas.access())
                .table("state_history")
                .placeholders(schemas.placeholders())
                .resourceProvider(migrations())
                .javaMigrationClassProvider(List::of)
                .cleanDisabled(true);
        if (revision != null) {
            configuration.target(MigrationVersion.fromVersion(revision));
        }
        return configuration.load();
    }

    private static ClasspathMigrations migrations() {
        return new ClasspathMigrations(StateMigrator.class.getClassLoader(), "db/state");
    }

    private void createRoles() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + ROLES_LOCK + ")");
            for (String role : SERVICE_ROLES) {
                // From PostgreSQL 16 on the maker of a role is a member that may not switch to it, until it grants
                // itself that, too.
                statement.execute("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '" + role
                        + "') THEN CREATE ROLE " + role + " NOLOGIN; END IF; IF NOT pg_has_role(current_user, '" + role
                        + "', CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END)"
                        + " THEN EXECUTE format('GRANT " + role + " TO %I', current_user); END IF; END $$");
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "cannot make the services' roles as " + username
                            + "; the login role needs CREATEROLE, or the roles " + SERVICE_ROLES + " granted to it",
                    e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, username, password);
    }
}
