package io.holdfast.cli;

/** Exit codes, documented in {@code docs/cli.md} and {@code --help}: scripts rely on them. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;

    /** A check before the work said no: nothing was changed. */
    static final int REFUSED = 4;

    /** Something else stands in the way: a duplicate, another operation. */
    static final int CONFLICT = 5;

    /** Waiting took too long; the operation goes on. */
    static final int TIMEOUT = 6;

    static final int UNAUTHORIZED = 7;
    static final int UNREACHABLE = 8;

    /** The cluster works with less than it should, or has no active node at present. */
    static final int DEGRADED = 10;

    static final int SPLIT_BRAIN = 11;

    private ExitCode() {}
}
