package io.holdfast.cluster.agent.loop;

import io.holdfast.cluster.election.NodeId;
import io.holdfast.cluster.election.Notice;
import org.jboss.logging.Logger;

/** Puts what the election notices into words, for the log and for the history of the cluster. Not thread-safe. */
final class Chronicle {

    private static final Logger LOG = Logger.getLogger(Chronicle.class);

    private final NodeId self;
    private final HistoryFile history;
    private final Foreigners foreigners = new Foreigners();

    Chronicle(NodeId self, HistoryFile history) {
        this.self = self;
        this.history = history;
    }

    /**
     * @param epoch of this node now, for notices that name none
     * @param nowNanos by {@link System#nanoTime}
     */
    void tell(Notice notice, long epoch, long nowNanos) {
        if (notice instanceof Notice.RoleChanged changedRole) {
            LOG.infof(
                    "role %s, epoch %d, active %s",
                    changedRole.role(),
                    changedRole.epoch(),
                    changedRole.active() == null ? "none" : changedRole.active());
            history.add(changedRole.epoch(), "role", self + " is " + changedRole.role());
        } else if (notice instanceof Notice.Failed failed) {
            LOG.warnf("%s failed: %s", failed.what(), failed.reason());
            history.add(epoch, "failed", failed.what() + ": " + failed.reason());
        } else if (notice instanceof Notice.Stands stands) {
            LOG.infof("stands for election to epoch %d: %s", stands.epoch(), stands.reason());
            history.add(stands.epoch(), "election", self + " stands for election: " + stands.reason());
        } else if (notice instanceof Notice.LeaseChanged lease) {
            LOG.infof("lease of epoch %d is %s", lease.epoch(), lease.valid() ? "valid" : "not valid");
        } else if (notice instanceof Notice.ConfigurationChanged configuration) {
            LOG.infof("configuration %s", configuration.configuration());
            history.add(
                    epoch,
                    "configuration",
                    "voters " + configuration.configuration().voters()
                            + (configuration.configuration().paused() ? ", paused" : ""));
        } else if (notice instanceof Notice.ForeignCluster foreign) {
            if (foreigners.isNews(foreign, nowNanos)) {
                warn(
                        epoch,
                        "foreign",
                        "the database of " + foreign.node() + " is that of another cluster ("
                                + Long.toUnsignedString(foreign.clusterId()) + ")");
            }
        } else if (notice instanceof Notice.SwitchoverAborted aborted) {
            warn(
                    aborted.epoch(),
                    "switchover",
                    "the switchover was given up, " + self + " is still active: " + aborted.reason());
        } else if (notice instanceof Notice.Forced forced) {
            warn(
                    forced.epoch(),
                    "forced",
                    "an operator made " + self + " active without a majority; voters are now "
                            + forced.configuration().voters());
        } else {
            throw new IllegalStateException("a notice without words: " + notice);
        }
    }

    private void warn(long epoch, String what, String detail) {
        LOG.warn(detail);
        history.add(epoch, what, detail);
    }
}
