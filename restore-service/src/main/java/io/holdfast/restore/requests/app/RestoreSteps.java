package io.holdfast.restore.requests.app;

import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.RestoreOptions;
import io.holdfast.restore.requests.RestoreStatus;
import io.holdfast.restore.requests.Restores;
import io.holdfast.restore.rule.Decision;
import io.holdfast.restore.staging.Phase;
import io.holdfast.restore.swap.SwapResult;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The steps of a restore's record, each committed when it returns. */
@ApplicationScoped
public class RestoreSteps {

    private final Restores restores;
    private final Outbox outbox;
    private final Clock clock;

    RestoreSteps(Restores restores, @OfService("restore") Outbox outbox, Clock clock) {
        this.restores = restores;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Transactional
    public Optional<Restore> find(String id) {
        return restores.find(id);
    }

    @Transactional
    public List<Restore> unfinished() {
        return restores.unfinished();
    }

    /** The options with the salt, for the one who runs it. */
    @Transactional
    public RestoreOptions options(Restore restore) {
        return restore.options().withHashSalt(restores.hashSalt(restore.id()));
    }

    @Transactional
    public boolean begin(String id, String claimToken) {
        return restores.begin(id, claimToken, clock.instant());
    }

    @Transactional
    public boolean enter(String id, String claimToken, Phase phase) {
        return restores.enter(id, claimToken, RestoreStatus.during(phase), phase.wireName(), clock.instant());
    }

    @Transactional
    public boolean progress(String id, String claimToken, long expected, long done, long rows) {
        return restores.progress(id, claimToken, expected, done, rows, clock.instant());
    }

    @Transactional
    public void describe(String id, Map<String, Object> source, Map<String, Object> counts, List<String> warnings) {
        restores.describe(id, source, counts, warnings);
    }

    @Transactional
    public void gateHeld(String id, boolean held) {
        restores.gateHeld(id, held);
    }

    @Transactional
    public void linesLogged(String id) {
        restores.linesLogged(id);
    }

    /** Ends it as failed, and tells so. False if a swap has committed after all. */
    @Transactional
    public boolean fail(Restore restore, String error, @Nullable String errorCode, @Nullable String hint) {
        Instant now = clock.instant();
        if (!restores.fail(restore.id(), error, errorCode, hint, now)) {
            return false;
        }
        if (!restore.options().dryRun()) {
            outbox.append(
                    new RestoreEvent.Failed(restore.id(), restore.snapshotId(), restore.tenantName(), error, now));
        }
        return true;
    }

    @Transactional
    public boolean completeDryRun(String id, SwapResult result, Map<String, Object> counts, List<Decision> decisions) {
        return restores.completeDryRun(id, result, counts, decisions, clock.instant());
    }
}
