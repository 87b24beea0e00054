package io.holdfast.archive;

/**
 * Compresses one buffer at a time to raw deflate (RFC 1951). Not thread-safe: one per worker. {@link DeflateEngines} makes them.
 */
public interface DeflateEngine extends AutoCloseable {

    /** How it is named in logs and benchmarks. */
    String name();

    /**
     * Compresses {@code in[0, length)} whole.
     *
     * @param out large enough for {@link DeflateEngines#bound}
     * @return bytes in {@code out}, or -1 if they do not fit
     */
    int deflate(byte[] in, int length, byte[] out);

    @Override
    void close();
}
