package io.holdfast.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A tar of somebody whom nobody trusts. The library holds names and what else tells of an entry in memory, however long they are; here
 * they end at {@value #MAX_HEADER_BYTES} bytes, with an {@link IOException} that says so. Not thread-safe.
 */
public final class BoundedTar extends TarArchiveInputStream {

    /** Of all headers that belong to one entry. */
    static final long MAX_HEADER_BYTES = 1 << 20;

    private final Metered metered;
    private boolean inHeader;

    private BoundedTar(Metered metered) {
        super(metered, "UTF-8");
        this.metered = metered;
    }

    /** @param in unpacked; closed with it */
    public static BoundedTar of(InputStream in) {
        return new BoundedTar(new Metered(in));
    }

    /**
     * @param in as it was sent; closed with it
     * @param format {@code tar.gz}, {@code tar.bz2}, or else {@code tar}
     */
    public static BoundedTar of(InputStream in, String format) throws IOException {
        return of(
                switch (format) {
                    case "tar.gz" ->
                        GzipCompressorInputStream.builder()
                                .setInputStream(in)
                                .setDecompressConcatenated(true)
                                .get();
                    case "tar.bz2" -> new BZip2CompressorInputStream(in, true);
                    default -> in;
                });
    }

    /** The next one; what nobody has read of the last one is passed over. Null at the end. */
    @Override
    public @Nullable TarArchiveEntry getNextEntry() throws IOException {
        if (inHeader) {
            // The library asks itself for the entry that a long name is of.
            return super.getNextEntry();
        }
        if (getCurrentEntry() != null) {
            byte[] buffer = new byte[64 * 1024];
            while (read(buffer) >= 0) {
                // Content, which may be long.
            }
        }
        inHeader = true;
        metered.allowed = MAX_HEADER_BYTES;
        try {
            return super.getNextEntry();
        } finally {
            inHeader = false;
            metered.allowed = Long.MAX_VALUE;
        }
    }

    private static final class Metered extends FilterInputStream {

        private long allowed = Long.MAX_VALUE;

        Metered(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = super.read();
            spend(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            spend(count);
            return count;
        }

        private void spend(int count) throws IOException {
            allowed -= Math.max(count, 0);
            if (allowed < 0) {
                throw new IOException("an entry's name and attributes have more than " + MAX_HEADER_BYTES + " bytes");
            }
        }
    }
}
