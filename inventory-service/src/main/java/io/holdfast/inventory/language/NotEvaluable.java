package io.holdfast.inventory.language;

/** A function has no value: it asks for what is not there, or is not written as it must be. The message is for users. */
public final class NotEvaluable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotEvaluable(String message) {
        super(message);
    }

    NotEvaluable(String message, Throwable cause) {
        super(message, cause);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
