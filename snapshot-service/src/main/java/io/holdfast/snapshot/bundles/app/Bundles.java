package io.holdfast.snapshot.bundles.app;

/** Names of log bundles' beans. */
public final class Bundles {

    /** Of the store that has their archives, which is not that of snapshots' archives. */
    public static final String STORE = "log-bundles";

    private Bundles() {}
}
