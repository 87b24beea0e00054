package io.holdfast.archive;

/**
 * What a reader puts up with before it believes that a file wants to exhaust it.
 *
 * @param maxEntries more names than any archive of ours or of Cloudify has
 * @param maxDirectoryBytes size of the central directory, which is read into memory
 * @param freeRawBytes uncompressed sizes up to this are never suspicious
 * @param maxRatio above {@code freeRawBytes}: uncompressed size of all entries, divided by the size of the file
 * @param maxDocumentBytes uncompressed size of a JSON file that is read into memory
 */
public record ArchiveLimits(
        int maxEntries, long maxDirectoryBytes, long freeRawBytes, long maxRatio, long maxDocumentBytes) {

    /** A million entries (a Cloudify archive has one an execution); rows of a log compress up to fifty times. */
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(1_000_000, 256L << 20, 1L << 30, 250, 512L << 20);
}
