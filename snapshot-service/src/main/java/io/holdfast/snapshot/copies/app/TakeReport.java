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

    TakeReport(Copies copies) {
        this.copies = copies;
    }

    @Transactional
    public Orders take(Report report) {
        copies.note(report);
        return new Orders(copies.wanted(), copies.orphans(report.node()));
    }
}
