package io.holdfast.restore;

import io.agroal.api.AgroalDataSource;
import io.holdfast.contracts.events.Event;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.ServiceSchema;
import io.holdfast.restore.loading.StateLoader;
import io.holdfast.restore.loading.storage.HoldfastLoader;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.requests.RestoreConfig;
import io.holdfast.restore.staging.StateStaging;
import io.holdfast.restore.staging.storage.PgStateStaging;
import io.holdfast.restore.swap.StateSwap;
import io.holdfast.restore.swap.storage.PgStateSwap;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** This service's part in database and broker, and the plain classes of its engine as beans. */
@ApplicationScoped
public class RestoreService {

    /** The service's short name. */
    public static final String NAME = "restore";

    /** The queue of facts that concern the undo point. */
    public static final String EVENTS = "restore.events";

    @Produces
    @Singleton
    ServiceSchema restoreSchema(@DataSource(NAME) AgroalDataSource dataSource) {
        return ServiceSchema.of(NAME, dataSource)
                .withMigrations("db/restore_control")
                .withQueue(EVENTS, Event.EVENTS, "snapshot.created.v1.#");
    }

    @Produces
    @Singleton
    RestoreConfig restoreConfig(
            RestoreSettings settings, @ConfigProperty(name = "holdfast.data", defaultValue = "data") Path data) {
        int workers = settings.workers() > 0
                ? settings.workers()
                : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new RestoreConfig(settings.directory().orElse(data.resolve("restore")), workers);
    }

    /** The login role: only the owner of the schemas can build and rename them. */
    @Produces
    @Singleton
    OwnerDatabase ownerDatabase(
            @ConfigProperty(name = "holdfast.database.url") String url,
            @ConfigProperty(name = "holdfast.database.username") String username,
            @ConfigProperty(name = "holdfast.database.password") String password,
            @ConfigProperty(name = "holdfast.session.sql") Optional<String> sessionSql) {
        return new OwnerDatabase(url, username, password).beginningWith(sessionSql.orElse(""));
    }

    @Produces
    @Singleton
    StateLoader holdfastLoader() {
        return new HoldfastLoader();
    }

    @Produces
    @Singleton
    StateStaging stateStaging(
            OwnerDatabase database,
            @ConfigProperty(name = "holdfast.secret-key") String secretKey,
            @All List<StateLoader> loaders,
            Clock clock) {
        return new PgStateStaging(database, MasterKey.of(secretKey), loaders, clock::instant);
    }

    @Produces
    @Singleton
    StateSwap stateSwap(OwnerDatabase database, @OfService(NAME) Outbox outbox, RuleSettings rule) {
        return new PgStateSwap(database, outbox::append, overdueGrace(rule));
    }

    static Duration overdueGrace(RuleSettings rule) {
        Duration grace = rule.overdueGrace();
        if (grace.isNegative() || grace.compareTo(RuleSettings.LONGEST_GRACE) > 0) {
            throw new IllegalArgumentException("holdfast.restore.rule.overdue-grace is " + grace
                    + "; it must be 0 to 24 h: what is later than that is overdue");
        }
        return grace;
    }

    /** A wrong setting ends the start, not the first restore. */
    void check(@Observes StartupEvent start, RuleSettings rule) {
        overdueGrace(rule);
    }
}
