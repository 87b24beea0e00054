package io.holdfast.testsupport.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lists to which clients append, and which they read: whatever was seen is how the final list begins, nothing that was seen is lost, and
 * who asks later sees at least as much.
 */
public final class ListAppendChecker {

    private ListAppendChecker() {}

    /** @param finals the lists at the end, on the active node, by key */
    public static List<Violation> check(List<Operation> operations, Map<String, List<String>> finals) {
        List<Violation> found = new ArrayList<>();
        Map<String, List<Operation>> byKey = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.kind() != Operation.Kind.INSERT) {
                byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
            }
        }
        byKey.forEach((key, ofKey) -> {
            checkContent(key, ofKey, finals.getOrDefault(key, List.of()), found);
            checkOrder(key, ofKey, found);
        });
        finals.forEach((key, list) -> {
            if (!byKey.containsKey(key) && !list.isEmpty()) {
                found.add(new Violation(Violation.Rule.VALUE_FROM_NOWHERE, "list " + key + ", which nobody wrote"));
            }
        });
        return found;
    }

    private static void checkContent(String key, List<Operation> operations, List<String> list, List<Violation> found) {
        long[] hashes = new long[list.size() + 1];
        hashes[0] = Operation.EMPTY_HASH;
        Map<String, Integer> position = new HashMap<>();
        for (int i = 0; i < list.size(); i++) {
            hashes[i + 1] = Operation.hash(hashes[i], list.get(i));
            if (position.putIfAbsent(list.get(i), i) != null) {
                found.add(new Violation(
                        Violation.Rule.VALUE_FROM_NOWHERE, "list " + key + " holds " + list.get(i) + " twice"));
            }
        }
        Set<String> attempted = new HashSet<>();
        for (Operation operation : operations) {
            attempted.add(operation.value());
            if (!operation.acknowledged()) {
                continue;
            }
            String seen = operation.writer() + " saw " + operation.length() + " elements of list " + key + " in epoch "
                    + operation.epoch() + " on " + operation.server() + " at " + operation.endNanos() + " ns";
            if (operation.kind() == Operation.Kind.APPEND && !position.containsKey(operation.value())) {
                found.add(new Violation(
                        Violation.Rule.ACKNOWLEDGED_WRITE_LOST,
                        seen + ", its own " + operation.value() + " the last one, which is gone"));
            } else if (operation.length() > list.size()) {
                found.add(new Violation(
                        Violation.Rule.NOT_A_PREFIX, seen + ", but the final list has only " + list.size()));
            } else if (hashes[operation.length()] != operation.hash()) {
                found.add(new Violation(
                        Violation.Rule.NOT_A_PREFIX, seen + ", others than those with which the final list begins"));
            }
        }
        for (String value : list) {
            if (!attempted.contains(value)) {
                found.add(new Violation(
                        Violation.Rule.VALUE_FROM_NOWHERE, "list " + key + " holds " + value + ", which nobody wrote"));
            }
        }
    }

    private static void checkOrder(String key, List<Operation> operations, List<Violation> found) {
        List<Operation> acknowledged =
                operations.stream().filter(Operation::acknowledged).toList();
        List<Operation> byEnd = acknowledged.stream()
                .sorted(Comparator.comparingLong(Operation::endNanos))
                .toList();
        int ended = 0;
        Operation longest = null;
        for (Operation operation : acknowledged.stream()
                .sorted(Comparator.comparingLong(Operation::startNanos))
                .toList()) {
            while (ended < byEnd.size() && byEnd.get(ended).endNanos() < operation.startNanos()) {
                Operation before = byEnd.get(ended++);
                if (longest == null || before.length() > longest.length()) {
                    longest = before;
                }
            }
            int least = longest == null ? 0 : longest.length();
            if (operation.kind() == Operation.Kind.APPEND) {
                least++; // an append sees itself, too
            }
            if (operation.length() < least) {
                found.add(new Violation(
                        Violation.Rule.OUT_OF_REAL_TIME_ORDER,
                        operation.writer() + " saw " + operation.length() + " elements of list " + key
                                + " having started at " + operation.startNanos() + " ns, when " + least
                                + " or more must have been there"));
            }
        }
    }
}
