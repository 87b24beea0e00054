package io.holdfast.inventory.language;

import org.jspecify.annotations.Nullable;

/** A value is not of its type; whoever knows where the value comes from makes the message for the user of it. */
final class Mismatch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Mark mark;

    Mismatch(String message) {
        this(message, null);
    }

    /** @param mark of the part that is wrong */
    Mismatch(String message, @Nullable Mark mark) {
        super(message);
        this.mark = mark;
    }

    @Nullable
    Mark mark() {
        return mark;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
