package io.holdfast.testsupport.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Every acknowledged insert is in the final state, and nothing else is there but what was attempted. A row that was not acknowledged may
 * be in the final state, in the salvage of a rejoined node, or nowhere.
 */
public final class SetChecker {

    private SetChecker() {}

    /**
     * @param finals values of the table at the end, on the active node
     * @param salvaged values that rejoining nodes put aside; being only there is no rescue for an acknowledged write
     */
    public static List<Violation> check(
            List<Operation> operations, Collection<String> finals, Collection<String> salvaged) {
        List<Violation> found = new ArrayList<>();
        Set<String> present = new HashSet<>();
        Set<String> attempted = new HashSet<>();
        for (String value : finals) {
            if (!present.add(value)) {
                found.add(new Violation(Violation.Rule.VALUE_FROM_NOWHERE, value + " is there twice"));
            }
        }
        Set<String> aside = new HashSet<>();
        for (String value : salvaged) {
            if (!aside.add(value)) {
                found.add(new Violation(Violation.Rule.SALVAGED_TWICE, value));
            }
        }
        for (Operation operation : operations) {
            if (operation.kind() != Operation.Kind.INSERT) {
                continue;
            }
            attempted.add(operation.value());
            if (operation.acknowledged() && !present.contains(operation.value())) {
                found.add(new Violation(
                        Violation.Rule.ACKNOWLEDGED_WRITE_LOST,
                        operation.value() + ", acknowledged to " + operation.writer() + " by " + operation.server()
                                + " in epoch " + operation.epoch() + " at " + operation.endNanos() + " ns, is "
                                + (aside.contains(operation.value()) ? "only in the salvage" : "gone")));
            }
        }
        for (String value : present) {
            if (!attempted.contains(value)) {
                found.add(new Violation(
                        Violation.Rule.VALUE_FROM_NOWHERE, value + " is in the final state, and nobody wrote it"));
            }
        }
        for (String value : aside) {
            if (!attempted.contains(value)) {
                found.add(new Violation(
                        Violation.Rule.VALUE_FROM_NOWHERE, value + " is in the salvage, and nobody wrote it"));
            }
        }
        return found;
    }
}
