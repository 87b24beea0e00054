package io.holdfast.standalone;

import org.jspecify.annotations.Nullable;

/** Why this process cannot start or go on, in words for the person who started it. Ends {@link Holdfast#main} with code 1. */
final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartRefused(String message) {
        this(message, null);
    }

    StartRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
