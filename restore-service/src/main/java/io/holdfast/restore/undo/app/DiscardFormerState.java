package io.holdfast.restore.undo.app;

import io.holdfast.restore.requests.Restore;
import io.holdfast.restore.requests.Restores;
import io.holdfast.restore.swap.StateSwap;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/** Drops the state that is kept for undo, when somebody says so or when a newer snapshot makes it needless. */
@ApplicationScoped
public class DiscardFormerState {

    private static final Logger LOG = Logger.getLogger(DiscardFormerState.class);

    /** Only the newest restores can have one. */
    private static final int LOOK_AT = 20;

    private final Restores restores;
    private final StateSwap swap;

    DiscardFormerState(Restores restores, StateSwap swap) {
        this.restores = restores;
        this.swap = swap;
    }

    /** Does nothing if it is gone already. */
    public void discard(Restore restore) {
        if (restore.undoState().equals("available")) {
            swap.discardFormerState();
            LOG.infof("The state from before restore %s is dropped", restore.id());
        }
    }

    /** A snapshot that was made after the restore holds the restored state: whoever makes one has accepted it. */
    @Transactional
    public void snapshotCreated(Instant createdAt) {
        List<Restore> kept = restores.list(0, LOOK_AT).stream()
                .filter(restore -> restore.undoState().equals("available"))
                .filter(restore -> {
                    Instant endedAt = restore.endedAt();
                    return endedAt != null && endedAt.isBefore(createdAt);
                })
                .toList();
        kept.forEach(this::discard);
    }
}
