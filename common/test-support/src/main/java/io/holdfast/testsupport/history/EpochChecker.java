package io.holdfast.testsupport.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * At most one node acknowledges at a time: no acknowledged operation of an epoch started after one of a later epoch had been
 * acknowledged, and each epoch's come from one node.
 */
public final class EpochChecker {

    private EpochChecker() {}

    public static List<Violation> check(List<Operation> operations) {
        List<Violation> found = new ArrayList<>();
        List<Operation> acknowledged =
                operations.stream().filter(Operation::acknowledged).toList();
        List<Operation> byStart = acknowledged.stream()
                .sorted(Comparator.comparingLong(Operation::startNanos))
                .toList();
        List<Operation> byEnd = acknowledged.stream()
                .sorted(Comparator.comparingLong(Operation::endNanos))
                .toList();
        int ended = 0;
        Operation latest = null;
        for (Operation operation : byStart) {
            while (ended < byEnd.size() && byEnd.get(ended).endNanos() < operation.startNanos()) {
                Operation before = byEnd.get(ended++);
                if (latest == null || before.epoch() > latest.epoch()) {
                    latest = before;
                }
            }
            if (latest != null && latest.epoch() > operation.epoch()) {
                found.add(new Violation(
                        Violation.Rule.EPOCH_GOES_BACK,
                        operation.value() + " of epoch " + operation.epoch() + " on " + operation.server()
                                + " started at " + operation.startNanos() + " ns and was acknowledged; "
                                + latest.value() + " of epoch " + latest.epoch() + " on " + latest.server()
                                + " had been acknowledged at " + latest.endNanos() + " ns"));
            }
        }
        Map<Long, Operation> first = new HashMap<>();
        for (Operation operation : byStart) {
            Operation other = first.putIfAbsent(operation.epoch(), operation);
            if (other != null && !other.server().equals(operation.server())) {
                found.add(new Violation(
                        Violation.Rule.TWO_NODES_IN_ONE_EPOCH,
                        "epoch " + operation.epoch() + ": " + other.server() + " acknowledged " + other.value()
                                + ", and " + operation.server() + " " + operation.value()));
            }
        }
        return found;
    }
}
