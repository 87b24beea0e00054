package io.holdfast.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that checks all that goes through it: every way of reading, also skipping, comes down to {@link #read(byte[], int, int)},
 * and there is no way back.
 */
abstract class CheckedStream extends FilterInputStream {

    CheckedStream(InputStream in) {
        super(in);
    }

    @Override
    public abstract int read(byte[] bytes, int offset, int length) throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        int read = read(one, 0, 1);
        return read < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final long skip(long count) throws IOException {
        long left = count;
        byte[] sink = new byte[8192];
        while (left > 0) {
            int read = read(sink, 0, (int) Math.min(sink.length, left));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return count - left;
    }

    @Override
    public final boolean markSupported() {
        return false;
    }
}
