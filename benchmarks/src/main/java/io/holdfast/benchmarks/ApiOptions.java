package io.holdfast.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ./holdfast bench api} is to measure.
 *
 * @param rows of each kind of thing behind the lists of the large manager
 * @param repeats requests of each kind to each manager, in turns
 * @param seconds how long requests per second are counted, for each contender and round
 * @param managerOptions further options of the managers' JVMs, divided by blanks
 * @param keep where the filled databases are kept, and taken from if they are there; null: they are not kept
 */
record ApiOptions(
        int rows,
        int repeats,
        int seconds,
        String managerOptions,
        @Nullable Path keep) {

    /** Rows behind the lists of the small manager. */
    static final int SMALL = 1_000;

    static final String USAGE = """
            Usage: ./holdfast bench api [--quick] [--rows N] [--repeats N] [--seconds N] [--manager-options OPTIONS] [--keep DIR]

            Measures whether lists stay fast with many rows behind them. Two whole managers, each in a process of its own, on one PostgreSQL
            of the bench's own: one with 1,000 rows of each kind, one with N. Both are asked the same, in turns: of each list a page of 100
            in the default order, one thing by its id, a page in the middle (_offset), a page with _include, and what the cfy command
            sends; also searches, summaries and labels, and some of it again after a row was added each time. Every total is compared with a count(*). Prints medians and, as the last line, one
            JSON object for machines; list_ratio_* are the latency with N rows divided by that with 1,000.

            Then requests per second, 4 clients, of GET executions?_size=100 against a floor in a process of its own: a bare handler over
            Vert.x that sends the rows of the same page of the same database as JSON, by JDBC and Jackson, with no authentication,
            authorisation, total, filters or gateway. Then the same beside a peer, the product's stack: Flask-RESTful and SQLAlchemy under
            gunicorn, which looks up the token, the tenant and the permission and counts and reads the same list of the same database,
            with 1,000 rows and with N.

              --rows             rows of each kind in the large manager; default 100000, the goals are for 1000000
              --repeats          requests of each kind to each manager; default 11
              --seconds          how long requests per second are counted, three times for each contender; default 4
              --quick            --rows 20000 --repeats 5 --seconds 2
              --manager-options  further options of the managers' JVMs, as one word
              --keep             leave the filled databases in DIR; if it has them, measure these and fill none

            Needs PostgreSQL (Debian: postgresql) unless the embedded one shall do, and for the peer Python with
            %s. Ends with 0, 1 (failed, or a total was wrong) or
            2 (usage).
            """.formatted(ApiPeer.PACKAGES);

    static ApiOptions parse(List<String> arguments) {
        int rows = 100_000;
        int repeats = 11;
        int seconds = 4;
        String managerOptions = "";
        Path keep = null;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--rows" -> rows = (int) OptionValues.number(arguments, ++i, 2 * SMALL, 10_000_000);
                case "--repeats" -> repeats = OptionValues.integer(arguments, ++i, 1);
                case "--seconds" -> seconds = OptionValues.integer(arguments, ++i, 1);
                case "--quick" -> {
                    rows = 20_000;
                    repeats = 5;
                    seconds = 2;
                }
                case "--manager-options" -> managerOptions = OptionValues.value(arguments, ++i);
                case "--keep" ->
                    keep = Path.of(OptionValues.value(arguments, ++i)).toAbsolutePath();
                default -> throw new IllegalArgumentException("unknown option " + argument);
            }
        }
        return new ApiOptions(rows, repeats, seconds, managerOptions, keep);
    }
}
