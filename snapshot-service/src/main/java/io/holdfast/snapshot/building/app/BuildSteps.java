package io.holdfast.snapshot.building.app;

import io.holdfast.contracts.events.SnapshotEvent;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.snapshot.SnapshotMessaging;
import io.holdfast.snapshot.building.BuildClaims;
import io.holdfast.snapshot.building.BuildClaims.Claim;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.catalogue.Snapshot;
import io.holdfast.snapshot.catalogue.StoredArchive;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The transactions of a build: each a step that is whole or did not happen, with what is told of it. */
@ApplicationScoped
public class BuildSteps {

    private final BuildClaims claims;
    private final Outbox outbox;
    private final Clock clock;

    BuildSteps(BuildClaims claims, @OfService(SnapshotMessaging.SERVICE) Outbox outbox, Clock clock) {
        this.claims = claims;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Fails what has no attempts left, then claims what is next. */
    @Transactional
    public Optional<Claim> claimNext(String instanceId, Duration staleAfter, int maxAttempts) {
        Instant now = clock.instant();
        Instant aliveSince = now.minus(staleAfter);
        String error = "the process that created it died, " + maxAttempts
                + " times; nothing of it is left. Create the snapshot again";
        for (BuildClaims.Exhausted dead : claims.failExhausted(now, aliveSince, maxAttempts, error)) {
            tellFailed(dead.snapshot(), error, now);
        }
        return claims.claimNext(instanceId, now, aliveSince, maxAttempts);
    }

    /** At the start of an instance: whatever it held died with its former process. @return how many */
    @Transactional
    public int releaseOwn(String instanceId) {
        return claims.release(instanceId);
    }

    @Transactional
    public boolean heartbeat(Claim claim, BuildProgress progress) {
        return claims.heartbeat(claim, clock.instant(), progress);
    }

    /** @return false if the claim was lost */
    @Transactional
    public boolean complete(Claim claim, StoredArchive archive, BuildProgress progress) {
        Instant now = clock.instant();
        if (!claims.complete(claim, now, archive, progress)) {
            return false;
        }
        Snapshot snapshot = claim.snapshot();
        outbox.append(new SnapshotEvent.Created(
                snapshot.id(), snapshot.executionId(), snapshot.tenantName(), archive.bytes(), archive.sha256(), now));
        return true;
    }

    /** @return false if the claim was lost */
    @Transactional
    public boolean fail(Claim claim, String error) {
        Instant now = clock.instant();
        if (!claims.fail(claim, now, error)) {
            return false;
        }
        tellFailed(claim.snapshot(), error, now);
        return true;
    }

    private void tellFailed(Snapshot snapshot, String error, Instant now) {
        outbox.append(
                new SnapshotEvent.Failed(snapshot.id(), snapshot.executionId(), snapshot.tenantName(), error, now));
    }
}
