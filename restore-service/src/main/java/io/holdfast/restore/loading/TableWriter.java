package io.holdfast.restore.loading;

import org.jspecify.annotations.Nullable;

/** Writes rows of one table by COPY. Not thread-safe. Close it; rows that were not {@link #finish finished} may be lost. */
public interface TableWriter extends AutoCloseable {

    /**
     * @param values one per column: String (also JSON as text for jsonb columns), Boolean, Integer, Long, Double, BigDecimal,
     *     java.time.Instant, byte[] or null
     * @throws IllegalArgumentException if their number or a type is not right
     */
    void row(@Nullable Object... values);

    /** Sends what is buffered; the rows are there afterwards. More rows may follow. */
    void finish();

    /** Rows given so far. */
    long rows();

    /** Gives back what it holds without sending the rest. */
    @Override
    void close();
}
