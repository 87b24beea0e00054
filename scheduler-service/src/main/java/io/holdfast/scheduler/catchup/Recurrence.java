package io.holdfast.scheduler.catchup;

import java.time.Instant;
import java.util.List;

/** When a schedule occurs. */
@FunctionalInterface
public interface Recurrence {

    /** The first {@code max} occurrences strictly after {@code instant}, in order; fewer if there are no more. */
    List<Instant> after(Instant instant, int max);
}
