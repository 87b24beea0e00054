package io.holdfast.inventory.language;

import org.jspecify.annotations.Nullable;

/** A value is not of its type; whoever knows where the value comes from makes the message for the user of it. */
final class Mismatch extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Mark mark;
    private final boolean ofConstraint;
    private final @Nullable String reportedAs;

    Mismatch(String message) {
        this(message, null);
    }

    /** @param mark of the part that is wrong */
    Mismatch(String message, @Nullable Mark mark) {
        this(message, mark, false, null);
    }

    private Mismatch(String message, @Nullable Mark mark, boolean ofConstraint, @Nullable String reportedAs) {
        super(message);
        this.mark = mark;
        this.ofConstraint = ofConstraint;
        this.reportedAs = reportedAs;
    }

    /** A value of the right type violates a constraint, or cannot be compared with it. */
    static Mismatch ofConstraint(String message, @Nullable Mark mark) {
        return new Mismatch(message, mark, true, null);
    }

    /** What a function asks for is not there. @param reportedAs what the existing API puts before it where it reports it */
    static Mismatch ofFunction(String reportedAs, String message, Mark mark) {
        return new Mismatch(message, mark, false, reportedAs);
    }

    String reportedAs(String otherwise) {
        return reportedAs == null ? otherwise : reportedAs;
    }

    boolean isOfConstraint() {
        return ofConstraint;
    }

    /** Where the part stands that is wrong, if that is known. */
    Mark markOr(Mark otherwise) {
        return mark == null || mark.file().isEmpty() ? otherwise : mark;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
