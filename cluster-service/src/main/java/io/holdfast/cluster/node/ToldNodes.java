package io.holdfast.cluster.node;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was told of the nodes last, and which of them are silent. Within the caller's transaction. */
public interface ToldNodes {

    /**
     * Who was active last.
     *
     * @param active null before anything was told
     */
    record LastActive(long epoch, @Nullable String active) {}

    /** Locks what is told until the transaction's end, so that two never tell the same. */
    LastActive lock();

    void activeIs(long epoch, String active);

    /** Each node that was told of, and whether it was up. */
    Map<String, Boolean> nodes();

    void nodeIs(String name, boolean up);

    void forget(String name);

    /** Those that do not answer, each with the time since when. */
    Map<String, Instant> silent();

    /**
     * Of a node that was told of.
     *
     * @param since null if it answers
     */
    void silentSince(String name, @Nullable Instant since);
}
