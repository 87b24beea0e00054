package io.holdfast.standalone;

import org.jspecify.annotations.Nullable;

/** Why this process cannot start or go on, in words for the person who started it. Ends {@link Holdfast#main} with its exit code. */
final class StartRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final int exitCode;

    StartRefused(String message) {
        this(message, null);
    }

    StartRefused(String message, @Nullable Throwable cause) {
        this(FAILED, message, cause);
    }

    private StartRefused(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** For what was typed: nothing was tried with it. */
    static StartRefused ofUsage(String message) {
        return new StartRefused(USAGE, message, null);
    }

    /** 1, or 2 for wrong usage, as everywhere on the command line. */
    int exitCode() {
        return exitCode;
    }
}
