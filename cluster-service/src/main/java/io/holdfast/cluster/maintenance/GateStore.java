package io.holdfast.cluster.maintenance;

/** Keeps the one gate. */
public interface GateStore {

    Gate read();

    /** Reads it, and keeps others from changing it until the present transaction ends. */
    Gate readToChange();

    /** Within the transaction of {@link #readToChange}. */
    void write(Gate gate);
}
