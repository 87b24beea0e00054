package io.holdfast.snapshot.building;

import java.util.concurrent.atomic.AtomicLong;

/** How far a build is. Written by its workers, read by whoever shows it. Thread-safe. */
public final class BuildProgress {

    /** What a build is doing, in this order. */
    public enum Phase {
        WAITING,
        CONNECTING,
        EXPORTING,
        FINISHING,
        DONE
    }

    private volatile Phase phase = Phase.WAITING;
    private final AtomicLong rawBytes = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private volatile long estimatedBytes;

    public Phase phase() {
        return phase;
    }

    public void enter(Phase next) {
        phase = next;
    }

    /** Uncompressed bytes exported up to now. */
    public long rawBytes() {
        return rawBytes.get();
    }

    public long rows() {
        return rows.get();
    }

    /** What the whole will be, roughly: sizes of tables on disk and of content. Zero until known. */
    public long estimatedBytes() {
        return estimatedBytes;
    }

    public void estimate(long bytes) {
        estimatedBytes = bytes;
    }

    public void exported(long bytes, long moreRows) {
        rawBytes.addAndGet(bytes);
        rows.addAndGet(moreRows);
    }
}
