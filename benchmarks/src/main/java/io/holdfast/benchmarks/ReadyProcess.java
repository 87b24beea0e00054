package io.holdfast.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process that says when it is ready, and ends with this one. */
final class ReadyProcess {

    private ReadyProcess() {}

    /**
     * Waits for that line. What the process prints later goes to the benchmark's own output.
     *
     * @param process with its errors in its output
     * @param ready with one group
     * @param name of its threads here
     * @return what the group matched
     * @throws IOException if it ends without: {@code failure}, and what it printed
     */
    static String await(Process process, Pattern ready, String name, String failure) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, name + "-end"));
        StringBuilder output = new StringBuilder();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            output.append(line).append('\n');
            Matcher found = ready.matcher(line);
            if (found.find()) {
                Thread drain = new Thread(() -> print(reader), name);
                drain.setDaemon(true);
                drain.start();
                return found.group(1);
            }
        }
        throw new IOException(failure + output);
    }

    private static void print(BufferedReader reader) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                SchedulerBench.OUT.println(line);
            }
        } catch (IOException e) {
            // Nothing but Process.destroy, which ends it, closes what it prints.
        }
    }

    /** Asks it to end, and kills it if it has not by then. */
    static void end(Process process, Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
