package io.holdfast.archive.cloudify;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;

/** Base64 as a stream, decoded while it is read. Line ends are skipped, anything else that is not base64 is an error. */
final class Base64Text {

    private Base64Text() {}

    static InputStream decoding(InputStream encoded) {
        return new Decoded(Base64.getDecoder().wrap(new WithoutLineEnds(encoded)));
    }

    /** The zip under it never fails with {@link IOException}, so those are the decoder's. */
    private static final class Decoded extends FilterInputStream {
        Decoded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw new NotBase64Exception(e);
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (IOException e) {
                throw new NotBase64Exception(e);
            }
        }
    }

    private static final class WithoutLineEnds extends FilterInputStream {
        private final byte[] buffer = new byte[8192];
        private int position;
        private int limit;

        WithoutLineEnds(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            while (true) {
                if (position == limit) {
                    limit = in.read(buffer, 0, buffer.length);
                    position = 0;
                    if (limit < 0) {
                        limit = 0;
                        return -1;
                    }
                    continue;
                }
                byte next = buffer[position++];
                if (next != '\n' && next != '\r') {
                    return next & 0xff;
                }
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = 0;
            while (count < length) {
                int next = read();
                if (next < 0) {
                    return count == 0 ? -1 : count;
                }
                target[offset + count++] = (byte) next;
            }
            return count;
        }
    }
}
