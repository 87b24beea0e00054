package io.holdfast.restore.plan;

import java.util.List;

/** What the live manager holds and does. */
public interface ManagerContents {

    /** All that a clean manager would not hold; see {@link CleanManager}. Empty if the manager is clean. */
    List<Holding> holdings();

    /**
     * Ids of executions that are under way (pending to kill_cancelling), oldest first, at most {@code limit}. Those of restores do not
     * count: a restore would be in its own way, and that there is one at a time their records see to.
     */
    List<String> runningExecutions(int limit);
}
