package io.holdfast.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked: a line for people on standard error, and an exit code. */
final class CliFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final boolean mayPass;

    CliFailure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    CliFailure(int exitCode, String message, @Nullable Throwable cause) {
        this(exitCode, message, cause, exitCode == ExitCode.UNREACHABLE);
    }

    /** @param mayPass whether the same question may be answered a moment later */
    CliFailure(int exitCode, String message, @Nullable Throwable cause, boolean mayPass) {
        super(message, cause);
        this.exitCode = exitCode;
        this.mayPass = mayPass;
    }

    int exitCode() {
        return exitCode;
    }

    boolean mayPass() {
        return mayPass;
    }
}
