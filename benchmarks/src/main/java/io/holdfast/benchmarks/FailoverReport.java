package io.holdfast.benchmarks;

import io.holdfast.testsupport.faults.FaultKind;
import io.holdfast.testsupport.faults.FaultTrial;
import io.holdfast.testsupport.faults.FaultTrial.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of a trial. Percentiles are nearest ranks: values that were measured. */
final class FailoverReport {

    private final FaultTrial.Outcome outcome;
    private final Map<FaultKind, List<Result>> byKind = new EnumMap<>(FaultKind.class);

    FailoverReport(FaultTrial.Outcome outcome) {
        this.outcome = outcome;
        outcome.results()
                .forEach(result -> byKind.computeIfAbsent(result.kind(), kind -> new ArrayList<>())
                        .add(result));
    }

    /** A line for each kind of fault. */
    List<String> table() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-18s %4s %9s %9s %9s %9s %10s",
                "fault",
                "n",
                "p50 ms",
                "p99 ms",
                "max ms",
                "failovers",
                "rejoin s"));
        byKind.forEach((kind, results) -> lines.add(String.format(
                Locale.ROOT,
                "%-18s %4d %9d %9d %9d %9d %10.2f",
                kind.name().toLowerCase(Locale.ROOT),
                results.size(),
                percentile(outages(results), 50),
                percentile(outages(results), 99),
                percentile(outages(results), 100),
                results.stream().filter(Result::failedOver).count(),
                rejoinSeconds(results))));
        return lines;
    }

    /** Names and values, in order; a value that was not measured is {@code null}. */
    List<String> fields(String prefix) {
        List<Result> interrupting = outcome.results().stream()
                .filter(result -> result.kind().interrupts())
                .toList();
        List<Result> others = outcome.results().stream()
                .filter(result -> !result.kind().interrupts())
                .toList();
        List<String> fields = new ArrayList<>();
        fields.add(field(prefix + "faults", outcome.results().size()));
        fields.add(field(prefix + "acknowledged_writes", outcome.acknowledged()));
        fields.add(field(prefix + "acknowledged_writes_lost", outcome.lost()));
        fields.add(field(prefix + "violations", outcome.violations().size()));
        fields.add(field(prefix + "outage_p50_ms", percentile(outages(interrupting), 50)));
        fields.add(field(prefix + "outage_p99_ms", percentile(outages(interrupting), 99)));
        fields.add(field(prefix + "outage_max_ms", percentile(outages(interrupting), 100)));
        fields.add(field(prefix + "undisturbed_max_ms", percentile(outages(others), 100)));
        fields.add(field(prefix + "node_crash_p50_ms", median(FaultKind.NODE_KILL)));
        fields.add(field(prefix + "postgres_crash_p50_ms", median(FaultKind.POSTGRES_KILL)));
        fields.add(field(prefix + "switchover_p50_ms", median(FaultKind.SWITCHOVER)));
        fields.add(field(
                prefix + "rejoin_max_s",
                outcome.results().isEmpty()
                        ? null
                        : String.format(Locale.ROOT, "%.2f", rejoinSeconds(outcome.results()))));
        fields.add(field(
                prefix + "unexpected_failovers", outcome.unexpectedFailOvers().size()));
        fields.add(field(prefix + "salvaged_rows", outcome.salvaged()));
        return fields;
    }

    /** Each kind's figures as one JSON object. */
    String kinds() {
        List<String> kinds = new ArrayList<>();
        byKind.forEach((kind, results) -> kinds.add("\"" + kind.name().toLowerCase(Locale.ROOT) + "\":{\"n\":"
                + results.size() + ",\"p50_ms\":" + percentile(outages(results), 50) + ",\"p99_ms\":"
                + percentile(outages(results), 99) + ",\"max_ms\":" + percentile(outages(results), 100) + "}"));
        return "{" + String.join(",", kinds) + "}";
    }

    private static String field(String name, @Nullable Object value) {
        return "\"" + name + "\":" + value;
    }

    private @Nullable Long median(FaultKind kind) {
        return percentile(outages(byKind.getOrDefault(kind, List.of())), 50);
    }

    private static List<Long> outages(List<Result> results) {
        return results.stream()
                .map(result -> result.outage().toMillis())
                .sorted()
                .toList();
    }

    private static double rejoinSeconds(List<Result> results) {
        return results.stream()
                        .map(Result::rejoin)
                        .mapToLong(Duration::toMillis)
                        .max()
                        .orElse(0)
                / 1e3;
    }

    /** Null of no values. @param sorted upwards */
    static @Nullable Long percentile(List<Long> sorted, int percent) {
        if (sorted.isEmpty()) {
            return null;
        }
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(1, rank) - 1);
    }
}
