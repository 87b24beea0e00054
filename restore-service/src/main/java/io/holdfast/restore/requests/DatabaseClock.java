package io.holdfast.restore.requests;

import java.time.Instant;

/** The clock that decides what is overdue. */
@FunctionalInterface
public interface DatabaseClock {

    /** What it shows at this moment. */
    Instant instant();
}
