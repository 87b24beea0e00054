package io.holdfast.restore.staging;

/** Hears where a restore is. */
@FunctionalInterface
public interface Phases {

    /** Hears nothing. */
    Phases NONE = phase -> {};

    void begin(Phase phase);
}
