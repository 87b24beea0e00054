package io.holdfast.restore.loading;

/** Told how far the loading is. Called from several threads; cheap enough for every megabyte, not for every row. */
public interface Progress {

    /** Hears nothing. */
    Progress NONE = new Progress() {
        @Override
        public void expect(long bytes) {}

        @Override
        public void advance(String what, long bytes, long rows) {}
    };

    /** @param bytes uncompressed, of all that will be read */
    void expect(long bytes);

    /**
     * @param what what was read, for people: {@code scheduler.events}
     * @param bytes uncompressed, since the last call
     * @param rows since the last call
     */
    void advance(String what, long bytes, long rows);
}
