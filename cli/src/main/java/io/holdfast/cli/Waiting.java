package io.holdfast.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Follows an operation to its end: one line per change of its phase. Ctrl-C leaves; the operation goes on. */
final class Waiting {

    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Cli cli;
    private final Duration timeout;

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
        long end = System.nanoTime() + timeout.toNanos();
        String shown = "";
        while (true) {
            Map<String, Object> answer = ask.get();
            String status = String.valueOf(answer.get("status"));
            String now = status + phase(answer.get("phase"), status);
            if (!now.equals(shown)) {
                cli.say(what + ": " + now);
                shown = now;
            }
            if (good.contains(status)) {
                return answer;
            }
            if (bad.contains(status)) {
                throw new CliFailure(ExitCode.FAILED, what + " " + status + ": " + Json.text(answer.get("error")));
            }
            if (System.nanoTime() > end) {
                throw new CliFailure(
                        ExitCode.TIMEOUT,
                        what + " is still " + now + " after " + timeout.toSeconds() + " s; it goes on");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static String phase(@Nullable Object phase, String status) {
        return phase == null || phase.equals(status) ? "" : ", " + phase;
    }
}
