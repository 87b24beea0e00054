package io.holdfast.restore.requests.app;

import io.holdfast.restore.requests.Claims;
import io.holdfast.restore.requests.Claims.Claim;
import io.holdfast.restore.requests.Restore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Sees to every restore that is not wholly done: runs what was asked for, ends what a dead instance left, writes log lines and opens the
 * gate where that is still owed. Several instances may tend at once; claims keep them apart.
 */
@ApplicationScoped
public class TendRestores {

    private static final Logger LOG = Logger.getLogger(TendRestores.class);

    private final RestoreSteps steps;
    private final Claims claims;
    private final RunRestore run;
    private final EndRestore end;

    TendRestores(RestoreSteps steps, Claims claims, RunRestore run, EndRestore end) {
        this.steps = steps;
        this.claims = claims;
        this.run = run;
        this.end = end;
    }

    /**
     * Returns when nothing is left to do for this instance; that may take as long as a restore.
     *
     * @return whether there was a restore that is not over, whoever runs it
     */
    public boolean tend() {
        List<Restore> unfinished = steps.unfinished();
        for (Restore restore : unfinished) {
            Optional<Claim> taken = claims.tryTake(restore.id());
            if (taken.isEmpty()) {
                continue;
            }
            try (Claim claim = taken.get()) {
                steps.find(restore.id()).ifPresent(now -> tend(now, claim));
            } catch (RuntimeException e) {
                LOG.warnf(e, "Restore %s could not be brought to its end yet, trying again", restore.id());
            }
        }
        return !unfinished.isEmpty();
    }

    private void tend(Restore restore, Claim claim) {
        if (restore.status().isFinal()) {
            end.finish(restore);
        } else if (restore.claimToken() == null) {
            run.run(restore, claim);
        } else {
            end.interrupted(restore);
            steps.find(restore.id()).ifPresent(end::finish);
        }
    }
}
