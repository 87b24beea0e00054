package io.holdfast.restore.requests.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.restore.requests.ClockSkew;
import io.holdfast.restore.requests.DatabaseClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Refuses a restore while nobody can say which clock is right. */
@ApplicationScoped
public class CompareClocks {

    private static final Logger LOG = Logger.getLogger(CompareClocks.class);

    private final DatabaseClock database;
    private final Clock clock;

    CompareClocks(DatabaseClock database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * @param accepted whether a skew of any size is only warned of
     * @return the warning, if the clocks are more than a second apart
     * @throws ManagerException CLOCKS_DISAGREE if they are more than five seconds apart
     */
    public Optional<String> compare(boolean accepted) {
        Instant before = clock.instant();
        ClockSkew skew = ClockSkew.between(before, database.instant(), clock.instant());
        Optional<ManagerException> refusal = skew.refusal();
        if (refusal.isPresent() && !accepted) {
            throw refusal.get();
        }
        skew.warning().ifPresent(LOG::warn);
        return skew.warning();
    }
}
