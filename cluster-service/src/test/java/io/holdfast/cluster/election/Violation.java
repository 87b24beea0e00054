package io.holdfast.cluster.election;

/** What must never happen has happened in a simulation. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }
}
