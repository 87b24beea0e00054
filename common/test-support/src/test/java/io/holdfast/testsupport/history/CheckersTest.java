package io.holdfast.testsupport.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.testsupport.history.Violation.Rule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checker that finds nothing proves nothing: each kind of violation is planted and must be found. */
class CheckersTest {

    @Test
    void rightHistoriesHaveNoViolation() {
        // given
        List<Operation> inserts = List.of(insert("a", 1, 2, 1, "n1"), unknown("b", 3, 9), insert("c", 10, 11, 2, "n2"));
        List<Operation> appends = List.of(
                append("k", "x", 1, 4, List.of("x")),
                append("k", "y", 2, 5, List.of("x", "y")),
                read("k", 6, 7, List.of("x", "y")),
                unknownAppend("k", "z", 6, 9));
        // then
        assertThat(SetChecker.check(inserts, List.of("a", "c"), List.of("b"))).isEmpty();
        assertThat(SetChecker.check(inserts, List.of("a", "b", "c"), List.of())).isEmpty();
        assertThat(SetChecker.check(inserts, List.of("a", "c"), List.of())).isEmpty();
        assertThat(EpochChecker.check(inserts)).isEmpty();
        assertThat(ListAppendChecker.check(appends, Map.of("k", List.of("x", "y"))))
                .isEmpty();
        assertThat(ListAppendChecker.check(appends, Map.of("k", List.of("x", "y", "z"))))
                .isEmpty();
    }

    @Test
    void anAcknowledgedInsertThatIsGoneIsLost() {
        List<Operation> inserts = List.of(insert("a", 1, 2, 1, "n1"), insert("b", 3, 4, 1, "n1"));
        assertThat(SetChecker.check(inserts, List.of("a"), List.of()))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.rule()).isEqualTo(Rule.ACKNOWLEDGED_WRITE_LOST);
                    assertThat(violation.found()).contains("b", "gone");
                });
    }

    @Test
    void anAcknowledgedInsertThatIsOnlyInTheSalvageIsLost() {
        List<Operation> inserts = List.of(insert("a", 1, 2, 1, "n1"));
        assertThat(SetChecker.check(inserts, List.of(), List.of("a")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.rule()).isEqualTo(Rule.ACKNOWLEDGED_WRITE_LOST);
                    assertThat(violation.found()).contains("only in the salvage");
                });
    }

    @Test
    void valuesThatNobodyWroteAreFound() {
        List<Operation> inserts = List.of(insert("a", 1, 2, 1, "n1"));
        assertThat(rules(SetChecker.check(inserts, List.of("a", "ghost"), List.of())))
                .containsExactly(Rule.VALUE_FROM_NOWHERE);
        assertThat(rules(SetChecker.check(inserts, List.of("a"), List.of("ghost"))))
                .containsExactly(Rule.VALUE_FROM_NOWHERE);
        assertThat(rules(SetChecker.check(inserts, List.of("a", "a"), List.of())))
                .containsExactly(Rule.VALUE_FROM_NOWHERE);
    }

    @Test
    void aRowIsSalvagedOnce() {
        List<Operation> inserts = List.of(unknown("a", 1, 2));
        assertThat(rules(SetChecker.check(inserts, List.of(), List.of("a", "a"))))
                .containsExactly(Rule.SALVAGED_TWICE);
    }

    @Test
    void anOldEpochMustNotAcknowledgeWhatStartedAfterANewOneDid() {
        List<Operation> inserts = List.of(insert("new", 1, 5, 2, "n2"), insert("old", 6, 7, 1, "n1"));
        assertThat(rules(EpochChecker.check(inserts))).containsExactly(Rule.EPOCH_GOES_BACK);
    }

    @Test
    void anAnswerOfAnOldEpochMayArriveLate() {
        List<Operation> inserts = List.of(insert("old", 1, 9, 1, "n1"), insert("new", 2, 5, 2, "n2"));
        assertThat(EpochChecker.check(inserts)).isEmpty();
    }

    @Test
    void twoNodesMustNotAcknowledgeInOneEpoch() {
        List<Operation> inserts = List.of(insert("a", 1, 5, 2, "n2"), insert("b", 2, 7, 2, "n1"));
        assertThat(rules(EpochChecker.check(inserts))).containsExactly(Rule.TWO_NODES_IN_ONE_EPOCH);
    }

    @Test
    void anAcknowledgedAppendThatIsGoneIsLost() {
        List<Operation> appends = List.of(append("k", "x", 1, 2, List.of("x")));
        assertThat(rules(ListAppendChecker.check(appends, Map.of()))).containsExactly(Rule.ACKNOWLEDGED_WRITE_LOST);
    }

    @Test
    void aReadOfWhatIsNotAPrefixIsFound() {
        List<Operation> appends = List.of(
                append("k", "x", 1, 2, List.of("x")),
                unknownAppend("k", "y", 3, 9),
                unknownAppend("k", "z", 3, 9),
                read("k", 4, 5, List.of("x", "y")));
        assertThat(rules(ListAppendChecker.check(appends, Map.of("k", List.of("x", "z", "y")))))
                .as("another order")
                .containsExactly(Rule.NOT_A_PREFIX);
        assertThat(rules(ListAppendChecker.check(appends, Map.of("k", List.of("x")))))
                .as("what was read is lost")
                .containsExactly(Rule.NOT_A_PREFIX);
    }

    @Test
    void whoAsksLaterSeesAtLeastAsMuch() {
        List<Operation> stale = List.of(
                append("k", "x", 1, 2, List.of("x")),
                append("k", "y", 3, 4, List.of("x", "y")),
                read("k", 5, 6, List.of("x")));
        assertThat(rules(ListAppendChecker.check(stale, Map.of("k", List.of("x", "y")))))
                .containsExactly(Rule.OUT_OF_REAL_TIME_ORDER);
        List<Operation> concurrent = List.of(
                append("k", "x", 1, 2, List.of("x")),
                append("k", "y", 3, 6, List.of("x", "y")),
                read("k", 5, 7, List.of("x")));
        assertThat(ListAppendChecker.check(concurrent, Map.of("k", List.of("x", "y"))))
                .isEmpty();
    }

    @Test
    void elementsThatNobodyAppendedOrThatAreTwiceThereAreFound() {
        List<Operation> appends = List.of(append("k", "x", 1, 2, List.of("x")));
        assertThat(rules(ListAppendChecker.check(appends, Map.of("k", List.of("x", "ghost")))))
                .containsExactly(Rule.VALUE_FROM_NOWHERE);
        assertThat(rules(ListAppendChecker.check(appends, Map.of("k", List.of("x", "x")))))
                .containsExactly(Rule.VALUE_FROM_NOWHERE);
        assertThat(rules(ListAppendChecker.check(appends, Map.of("k", List.of("x"), "l", List.of("y")))))
                .containsExactly(Rule.VALUE_FROM_NOWHERE);
    }

    @Test
    void gapsAreThoseOfAllClientsTogether() {
        // given
        Acknowledgements acknowledgements = new Acknowledgements(List.of(
                insert("a", 1, 10, 1, "n1"),
                insert("b", 1, 20, 1, "n1"),
                unknown("c", 21, 60),
                insert("d", 1, 90, 2, "n2"),
                insert("e", 1, 100, 2, "n2")));
        // then
        assertThat(acknowledgements.count()).isEqualTo(4);
        assertThat(acknowledgements.longestGapNanos(30, 50)).isEqualTo(70);
        assertThat(acknowledgements.longestGapNanos(11, 15)).isEqualTo(10);
        assertThat(acknowledgements.longestGapNanos(95, 300)).isEqualTo(200);
    }

    @Test
    void aLogIsReadAsItWasWritten(@TempDir Path folder) throws Exception {
        // given
        Path path = folder.resolve("w1.log");
        try (OperationLog log = new OperationLog(path)) {
            long first = log.started(Operation.Kind.INSERT, "", "w1-1", 5);
            long second = log.started(Operation.Kind.APPEND, "k", "w1-2", 6);
            log.acknowledged(second, 8, 3, "n1", 2, 99);
            log.unknown(first, 9, "connection\treset");
            log.started(Operation.Kind.READ, "k", "", 10);
        }
        Files.writeString(path, "S\t4\tINSERT\t\tcut of", StandardOpenOption.APPEND);
        // when
        List<Operation> operations = OperationLog.read("w1", path);
        // then
        assertThat(operations)
                .containsExactly(
                        new Operation("w1", Operation.Kind.INSERT, "", "w1-1", 5, 9, false, 0, "", 0, 0),
                        new Operation("w1", Operation.Kind.APPEND, "k", "w1-2", 6, 8, true, 3, "n1", 2, 99),
                        new Operation("w1", Operation.Kind.READ, "k", "", 10, Long.MAX_VALUE, false, 0, "", 0, 0));
    }

    private static List<Rule> rules(List<Violation> violations) {
        return violations.stream().map(Violation::rule).toList();
    }

    private static Operation insert(String value, long start, long end, long epoch, String server) {
        return new Operation("w", Operation.Kind.INSERT, "", value, start, end, true, epoch, server, 0, 0);
    }

    private static Operation unknown(String value, long start, long end) {
        return new Operation("w", Operation.Kind.INSERT, "", value, start, end, false, 0, "", 0, 0);
    }

    private static Operation unknownAppend(String key, String value, long start, long end) {
        return new Operation("w", Operation.Kind.APPEND, key, value, start, end, false, 0, "", 0, 0);
    }

    private static Operation append(String key, String value, long start, long end, List<String> seen) {
        return seen(Operation.Kind.APPEND, key, value, start, end, seen);
    }

    private static Operation read(String key, long start, long end, List<String> seen) {
        return seen(Operation.Kind.READ, key, "", start, end, seen);
    }

    private static Operation seen(
            Operation.Kind kind, String key, String value, long start, long end, List<String> seen) {
        long hash = Operation.EMPTY_HASH;
        for (String element : new ArrayList<>(seen)) {
            hash = Operation.hash(hash, element);
        }
        return new Operation("w", kind, key, value, start, end, true, 1, "n1", seen.size(), hash);
    }
}
