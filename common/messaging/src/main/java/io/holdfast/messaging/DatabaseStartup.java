package io.holdfast.messaging;

import io.holdfast.state.StateMigrator;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Before anything else of a service runs: waits for the database, builds or migrates the state schemas, then the control schema of
 * each service of this JVM.
 */
@ApplicationScoped
public class DatabaseStartup {

    /** Before the job scheduler (0) and the channels (1000). */
    public static final int PRIORITY = -1000;

    private static final Logger LOG = Logger.getLogger(DatabaseStartup.class);
    private static final long PAUSE_MILLIS = 1_000;

    /** Cannot connect, is starting up, is shutting down, too many connections: all may pass. Source: PostgreSQL, appendix A. */
    private static final Set<String> NOT_UP_YET = Set.of("08001", "08004", "08006", "57P01", "57P02", "57P03", "53300");

    private final List<ServiceSchema> services;
    private final MessagingConfig config;
    private final String url;
    private final String username;
    private final String password;
    private final Clock clock;

    DatabaseStartup(
            @All List<ServiceSchema> services,
            MessagingConfig config,
            @ConfigProperty(name = "holdfast.database.url") String url,
            @ConfigProperty(name = "holdfast.database.username") String username,
            @ConfigProperty(name = "holdfast.database.password") String password,
            Clock clock) {
        this.services = services;
        this.config = config;
        this.url = url;
        this.username = username;
        this.password = password;
        this.clock = clock;
    }

    void migrate(@Observes @Priority(PRIORITY) StartupEvent start) {
        if (!config.enabled()) {
            return;
        }
        awaitDatabase();
        new StateMigrator(url, username, password).migrateLive();
        ControlSchema control = new ControlSchema(url, username, password);
        services.forEach(control::migrate);
    }

    private void awaitDatabase() {
        Instant givingUp = clock.instant().plus(config.startupPatience());
        boolean told = false;
        while (true) {
            try (Connection connection = DriverManager.getConnection(url, username, password)) {
                if (told) {
                    LOG.infof("The database at %s is up", withoutQuery());
                }
                LOG.debugf("Database is %s", connection.getMetaData().getDatabaseProductVersion());
                return;
            } catch (SQLException e) {
                if (!NOT_UP_YET.contains(String.valueOf(e.getSQLState()))
                        || clock.instant().isAfter(givingUp)) {
                    throw NotStarted.database(withoutQuery(), username, e);
                }
                if (!told) {
                    LOG.warnf(
                            "The database at %s is not up yet, waiting up to %s: %s",
                            withoutQuery(), config.startupPatience(), e.getMessage());
                    told = true;
                }
                pause();
            }
        }
    }

    private String withoutQuery() {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database", e);
        }
    }
}
