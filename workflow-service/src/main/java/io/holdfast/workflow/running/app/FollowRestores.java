package io.holdfast.workflow.running.app;

import io.holdfast.contracts.events.RestoreEvent;
import io.holdfast.workflow.running.Fence;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;

/** Raises the fence when the state was replaced: what was dispatched before it must not run any more. */
@ApplicationScoped
public class FollowRestores {

    private static final Logger LOG = Logger.getLogger(FollowRestores.class);

    private final Fence fence;

    FollowRestores(Fence fence) {
        this.fence = fence;
    }

    @Transactional
    public void completed(RestoreEvent.Completed restore) {
        replaced(restore.restoreId(), restore.epoch());
    }

    @Transactional
    public void undone(RestoreEvent.Undone undo) {
        replaced(undo.restoreId(), undo.epoch());
    }

    private void replaced(String restoreId, long epoch) {
        fence.sawEpoch(epoch);
        LOG.infof("Restore %s has epoch %s: commands of lower epochs are refused from now on", restoreId, epoch);
    }
}
