package io.holdfast.snapshot.copies.app;

import io.holdfast.role.ClusterConfig;
import io.holdfast.role.NodeRole;
import io.holdfast.role.Role;
import io.holdfast.snapshot.copies.ArchiveName;
import io.holdfast.snapshot.copies.Orders;
import io.holdfast.snapshot.copies.OtherNodes;
import io.holdfast.snapshot.copies.Report;
import io.holdfast.snapshot.copies.Wanted;
import io.holdfast.snapshot.store.ArchiveStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Keeps this node's archives as the catalogue says: tells the active node what is here, copies what is missing, drops what was deleted.
 * The active node does the same with itself. Nothing is removed that the catalogue has not known as a copy of this node.
 */
@ApplicationScoped
public class KeepCopies {

    private static final Logger LOG = Logger.getLogger(KeepCopies.class);

    private final NodeRole role;
    private final ClusterConfig config;
    private final TakeReport takeReport;
    private final FindHolders holders;
    private final FetchArchive fetch;
    private final OtherNodes others;
    private final ArchiveStore store;

    /** What was found to be here, with its SHA-256: reading a large archive again each time would be a load of its own. */
    private final Map<ArchiveName, String> verified = new HashMap<>();

    KeepCopies(
            NodeRole role,
            ClusterConfig config,
            TakeReport takeReport,
            FindHolders holders,
            FetchArchive fetch,
            OtherNodes others,
            ArchiveStore store) {
        this.role = role;
        this.config = config;
        this.takeReport = takeReport;
        this.holders = holders;
        this.fetch = fetch;
        this.others = others;
        this.store = store;
    }

    /**
     * One round, on one thread at a time.
     *
     * @param self base URL by which others reach this manager
     */
    public synchronized void round(URI self) throws IOException {
        Role now = role.current();
        URI active = now.active() ? self : now.activeManager();
        if (active == null) {
            return;
        }
        Orders orders = report(now, active, self, List.of());
        List<ArchiveName> dropped = new ArrayList<>();
        for (ArchiveName name : orders.drop()) {
            store.delete(name.tenantName(), name.snapshotId());
            verified.remove(name);
            dropped.add(name);
            LOG.infof("Removed this node's archive of the deleted snapshot %s", name.snapshotId());
        }
        int before = verified.size();
        for (Wanted wanted : orders.wanted()) {
            have(wanted, now, active);
        }
        if (!dropped.isEmpty() || verified.size() != before) {
            report(now, active, self, dropped);
        }
    }

    private Orders report(Role now, URI active, URI self, List<ArchiveName> dropped) throws IOException {
        Report report = new Report(node(), self, List.copyOf(verified.keySet()), dropped);
        return now.active() ? takeReport.take(report) : others.report(active, report);
    }

    private void have(Wanted wanted, Role now, URI active) throws IOException {
        ArchiveName name = wanted.name();
        if (wanted.sha256().equals(verified.get(name))
                && store.find(name.tenantName(), name.snapshotId()).isPresent()) {
            return;
        }
        verified.remove(name);
        if (fetch.isHeld(wanted)) {
            verified.put(name, wanted.sha256());
            return;
        }
        for (URI from : now.active() ? holders.of(name, node()) : List.of(active)) {
            try {
                fetch.fetch(from, wanted);
                verified.put(name, wanted.sha256());
                return;
            } catch (IOException e) {
                LOG.warnf(
                        "The archive of snapshot %s could not be copied from %s: %s",
                        name.snapshotId(), from, e.getMessage());
            }
        }
    }

    /** This node's name in reports. */
    public String node() {
        return config.node().orElseGet(store::instanceId);
    }
}
