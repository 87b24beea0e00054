package io.holdfast.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows an operation to its end: on a terminal one line that changes, elsewhere one line per change of its phase. Ctrl-C leaves; the
 * operation goes on.
 */
final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(250);

    /** A manager that is being restarted, or that a proxy does not reach for a moment, is no reason to give up. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Cli cli;
    private final Duration timeout;

    /** @param timeout not negative; with zero the state is looked at once */
    Waiting(Cli cli, Duration timeout) {
        this.cli = cli;
        this.timeout = timeout;
    }

    /**
     * @param good statuses that end the waiting
     * @param bad statuses that end it as failed
     * @return the answer that ended it
     */
    Map<String, Object> until(String what, Supplier<Map<String, Object>> ask, List<String> good, List<String> bad) {
        Thread left = new Thread(() -> cli.say("left; " + what + " goes on"), "left");
        Runtime.getRuntime().addShutdownHook(left);
        try (Shown shown = new Shown(what)) {
            return follow(what, ask, good, bad, shown);
        } finally {
            Runtime.getRuntime().removeShutdownHook(left);
        }
    }

    private Map<String, Object> follow(
            String what, Supplier<Map<String, Object>> ask, List<String> good, List<String> bad, Shown shown) {
        long end = System.nanoTime() + timeout.toNanos();
        long heard = System.nanoTime();
        String now = "asked for";
        while (true) {
            try {
                Map<String, Object> answer = ask.get();
                heard = System.nanoTime();
                String status = String.valueOf(answer.get("status"));
                now = status + phase(answer.get("phase"), status);
                shown.at(now, percent(answer));
                if (good.contains(status)) {
                    return answer;
                }
                if (bad.contains(status)) {
                    throw failed(what, status, answer);
                }
            } catch (CliFailure e) {
                if (!e.mayPass() || System.nanoTime() - heard > SILENCE.toNanos()) {
                    throw e;
                }
            }
            if (System.nanoTime() > end) {
                throw new CliFailure(
                        ExitCode.TIMEOUT,
                        what + " is still " + now + " after " + timeout.toSeconds() + " s; it goes on");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static CliFailure failed(String what, String status, Map<String, Object> answer) {
        Object hint = answer.get("hint");
        String reason = Json.text(answer.get("error"));
        return new CliFailure(
                ExitCode.of(0, String.valueOf(answer.get("error_code"))),
                what + " " + status + (reason.isEmpty() ? "" : ": " + reason) + (hint == null ? "" : "\n" + hint));
    }

    private static String phase(@Nullable Object phase, String status) {
        return phase == null || phase.equals(status) ? "" : ", " + phase;
    }

    /** Of the bytes that are to be done; empty where they are not told. */
    static String percent(Map<String, Object> answer) {
        if (answer.get("bytes_done") instanceof Number done
                && answer.get("bytes_expected") instanceof Number expected
                && expected.doubleValue() > 0) {
            return " %.0f%%".formatted(Math.min(100, 100 * done.doubleValue() / expected.doubleValue()));
        }
        return "";
    }

    /** What stands on the screen. */
    private final class Shown implements AutoCloseable {

        private final String what;
        private final PrintWriter err = cli.err();
        private String line = "";
        private String step = "";

        Shown(String what) {
            this.what = what;
        }

        void at(String now, String percent) {
            if (!cli.isInteractive()) {
                if (!now.equals(step)) {
                    cli.say(what + ": " + now);
                }
                step = now;
                return;
            }
            String next = what + ": " + now + percent;
            if (!next.equals(line)) {
                err.print("\r" + next + " ".repeat(Math.max(0, line.length() - next.length())));
                err.flush();
                line = next;
            }
        }

        @Override
        public void close() {
            if (!line.isEmpty()) {
                err.println();
            }
        }
    }
}
