package io.holdfast.benchmarks;

import java.util.Locale;
import java.util.Map;

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

    static BenchOptions parse(String[] args) {
        String what = args.length == 0 ? "" : args[0];
        String scale = "S";
        int runs = 5;
        int workers = 2;
        boolean files = false;
        boolean writers = true;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--scale" -> scale = value(args, ++i);
                case "--runs" -> runs = Integer.parseInt(value(args, ++i));
                case "--workers" -> workers = Integer.parseInt(value(args, ++i));
                case "--files" -> files = true;
                case "--no-writers" -> writers = false;
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        Double named = Map.of("S", 0.1, "M", 1.0, "L", 6.0).get(scale.toUpperCase(Locale.ROOT));
        return new BenchOptions(
                what,
                named == null ? Double.parseDouble(scale) : named,
                scale,
                Math.max(1, runs),
                workers,
                files,
                writers);
    }

    private static String value(String[] args, int index) {
        if (index >= args.length) {
            throw new IllegalArgumentException(args[index - 1] + " needs a value");
        }
        return args[index];
    }
}
