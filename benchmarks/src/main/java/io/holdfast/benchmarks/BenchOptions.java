package io.holdfast.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to measure.
 *
 * @param scale 1.0 is M: a million events, half a million log rows, a hundred thousand executions
 * @param files whether the state gets blueprint archives and wagons, too
 * @param writers whether to measure writers' latencies during a create
 */
record BenchOptions(
        String what, double scale, String scaleName, int runs, int workers, boolean files, boolean writers) {

    static final String USAGE = """
            Usage: ./holdfast bench snapshot|restore [--scale S|M|L|NUMBER] [--runs N] [--workers N] [--files] [--no-writers]
                   ./holdfast bench scheduler --help
                   ./holdfast bench api --help
                   ./holdfast bench failover --help

            Generates a state, then creates snapshots of it, in turns with pg_dump -Fd -j2 -Z6 and pg_basebackup of the locally
            installed PostgreSQL; or restores one, in turns with pg_restore -j2. Prints medians and, as the last line, one JSON object with the ratios.

              --scale      S (a tenth of M), M (1.5 million events and logs), L (six times M), or a factor of M; default S
              --runs       rounds, each with every contender once, in changing order; default 5
              --workers    connections that export at once; default 2, as pg_dump's -j2
              --files      adds 100 MB of blueprint archives and 340 MB of wagons (times the scale)
              --no-writers leaves out the measurement of writers' latencies

            Needs PostgreSQL's own programs (Debian: postgresql) for the comparison; without them only our own times are measured, on
            the embedded server, and the JSON says so. Runs the server as another user if you are root.
            """;

    /** @throws IllegalArgumentException with a text for whoever typed them */
    static BenchOptions parse(List<String> arguments) {
        String what = arguments.isEmpty() ? "" : arguments.get(0);
        String scale = "S";
        int runs = 5;
        int workers = 2;
        boolean files = false;
        boolean writers = true;
        for (int i = 1; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case "--scale" -> scale = OptionValues.value(arguments, ++i);
                case "--runs" -> runs = OptionValues.integer(arguments, ++i, 1);
                case "--workers" -> workers = OptionValues.integer(arguments, ++i, 1);
                case "--files" -> files = true;
                case "--no-writers" -> writers = false;
                default -> throw new IllegalArgumentException("unknown option " + arguments.get(i));
            }
        }
        return new BenchOptions(what, factor(scale), scale, runs, workers, files, writers);
    }

    private static double factor(String scale) {
        @Nullable Double named = Map.of("S", 0.1, "M", 1.0, "L", 6.0).get(scale.toUpperCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        double factor = scale.matches("\\d{1,4}(\\.\\d{1,6})?") ? Double.parseDouble(scale) : 0;
        if (factor <= 0) {
            throw new IllegalArgumentException(
                    "--scale takes S, M, L or a number above 0 and below 10000, not " + scale);
        }
        return factor;
    }
}
