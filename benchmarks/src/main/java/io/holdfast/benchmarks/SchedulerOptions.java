package io.holdfast.benchmarks;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What {@code ./holdfast bench scheduler} is to measure.
 *
 * @param rows executions of one throughput run
 * @param pending executions that wait far in the future while lateness and idle cost are measured; also those of the restore rule
 * @param seconds how long executions come due, or are submitted, while lateness is measured
 * @param managerOptions further options of the manager's JVM, divided by blanks
 */
record SchedulerOptions(
        int rows,
        int pending,
        int repeats,
        int seconds,
        int idleSeconds,
        Set<Part> parts,
        boolean allowNoise,
        String managerOptions) {

    enum Part {
        THROUGHPUT,
        LATENESS,
        INSERTED,
        RESTORE,
        IDLE
    }

    static final String USAGE = """
            Usage: ./holdfast bench scheduler [--quick] [--rows N] [--pending N] [--repeats N] [--seconds N] [--idle-seconds N]
                                              [--only PART[,PART…]] [--allow-noise] [--manager-options OPTIONS]

            Measures how fast and how punctually due executions are dispatched: a whole manager in a process of its own, on a PostgreSQL and
            a RabbitMQ of the bench's own, side by side with db-scheduler and with the broker's ceiling. Prints what it finds and, as
            the last line, one JSON object for machines. What was not measured is null there.

              throughput  N executions due at once, until the broker has confirmed the start command of each; in turns with db-scheduler
                          (lock-and-fetch 4.0/20.0, 20 threads, each handler publishes 1 kB and waits for the confirm) and with a bare
                          client that publishes N messages of 1 kB with 1000 confirms in flight, through one channel (the ceiling)
                          and through eight; all into quorum queues
              lateness    from scheduled_for until a consumer has the command, 100 a second at random instants, the others pending
              inserted    from the submission over REST (start now, and a moment ahead) until a consumer has the command, 50 a second
              restore     the restore rule on staged executions, half of them overdue, and a second pass that must change nothing
              idle        statements a second that the manager sends while all are pending and nothing is due

              --rows          executions of a throughput run; default 100000
              --pending       executions that wait meanwhile, and those of the restore rule; default 100000
              --repeats       throughput runs of each contender, in turns; default 3
              --seconds       how long lateness is measured; default 15
              --idle-seconds  how long statements are counted; default 60
              --quick         --rows 20000 --pending 20000 --idle-seconds 15
              --only          some of the parts
              --allow-noise   report although db-scheduler's own runs differ by more than 25 %; the JSON says so
              --manager-options  further options of the manager's JVM, as one word

            Needs rabbitmq-server (Debian: apt-get install rabbitmq-server), and PostgreSQL (Debian: postgresql) unless the embedded one
            shall do. Ends with 0, 1 (failed), 2 (usage), 3 (too noisy to report) or 4 (RabbitMQ is missing).
            """;

    static SchedulerOptions parse(List<String> arguments) {
        int rows = 100_000;
        int pending = 100_000;
        int repeats = 3;
        int seconds = 15;
        int idleSeconds = 60;
        Set<Part> parts = EnumSet.allOf(Part.class);
        boolean allowNoise = false;
        String managerOptions = "";
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--rows" -> rows = OptionValues.integer(arguments, ++i, 1000);
                case "--pending" -> pending = OptionValues.integer(arguments, ++i, 1000);
                case "--repeats" -> repeats = OptionValues.integer(arguments, ++i, 1);
                case "--seconds" -> seconds = OptionValues.integer(arguments, ++i, 1);
                case "--idle-seconds" -> idleSeconds = OptionValues.integer(arguments, ++i, 5);
                case "--quick" -> {
                    rows = 20_000;
                    pending = 20_000;
                    idleSeconds = 15;
                }
                case "--only" -> parts = parts(OptionValues.value(arguments, ++i));
                case "--allow-noise" -> allowNoise = true;
                case "--manager-options" -> managerOptions = OptionValues.value(arguments, ++i);
                default -> throw new IllegalArgumentException("unknown option " + argument);
            }
        }
        return new SchedulerOptions(
                rows, pending, repeats, seconds, idleSeconds, Set.copyOf(parts), allowNoise, managerOptions);
    }

    boolean measures(Part part) {
        return parts.contains(part);
    }

    private static Set<Part> parts(String text) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        for (String name : text.split(",")) {
            try {
                parts.add(Part.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "no such part: " + name + "; there are throughput, lateness, inserted, restore, idle", e);
            }
        }
        return parts;
    }
}
