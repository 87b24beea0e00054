package io.holdfast.snapshot.copies.app;

import io.holdfast.snapshot.copies.Copies;
import io.holdfast.snapshot.copies.Orders;
import io.holdfast.snapshot.copies.Report;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Notes what a node has, and tells it what it should. On the active node. */
@ApplicationScoped
public class TakeReport {

    private final Copies copies;
    private final NodesHeard nodes;

    TakeReport(Copies copies, NodesHeard nodes) {
        this.copies = copies;
        this.nodes = nodes;
    }

    @Transactional
    public Orders take(Report report) {
        nodes.heard(report.node(), report.url());
        copies.note(report);
        return new Orders(copies.wanted(), copies.orphans(report.node()));
    }
}
