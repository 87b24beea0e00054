package io.holdfast.cluster.agent.state;

import io.holdfast.cluster.agent.AgentRefused;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A number that grows with each start of a node's agent: peers drop what an earlier start sent. It is never below the clock's
 * milliseconds, so that a node whose state was removed is heard again.
 */
public final class BootCounter {

    private BootCounter() {}

    /** Takes the next number; it is on disk before this returns. */
    public static long next(Path file, Clock clock) {
        DurableFile durable = new DurableFile(file);
        String last = durable.read().orElse("0");
        try {
            long next = Math.max(Math.addExact(Long.parseLong(last.strip()), 1), clock.millis());
            durable.write(Long.toString(next));
            return next;
        } catch (NumberFormatException e) {
            throw new AgentRefused(file + " holds " + last + ", expected a number; remove the file", e);
        }
    }
}
