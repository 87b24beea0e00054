package io.holdfast.scheduler.schedules;

/** The frequencies of RFC 5545, the rarest first. */
enum Frequency {
    YEARLY,
    MONTHLY,
    WEEKLY,
    DAILY,
    HOURLY,
    MINUTELY,
    SECONDLY;

    /** Whether several of its steps fit into a day. */
    boolean isWithinDay() {
        return compareTo(DAILY) > 0;
    }

    /** Length of a step within a day. */
    int seconds() {
        return switch (this) {
            case HOURLY -> 3_600;
            case MINUTELY -> 60;
            case SECONDLY -> 1;
            default -> throw new IllegalStateException(this + " has no fixed length");
        };
    }
}
