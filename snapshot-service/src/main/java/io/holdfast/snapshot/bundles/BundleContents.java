package io.holdfast.snapshot.bundles;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is put into a log bundle. Secrets are taken out of all of it. */
public interface BundleContents {

    /**
     * @param path inside the bundle; a second part of the same path gets another name
     * @param about what is in it, for people
     * @param removed places that were redacted already
     */
    void text(String path, String about, int removed, String text) throws IOException;

    /** A part that is JSON: maps, lists and plain values. */
    void json(String path, String about, Map<String, @Nullable Object> content) throws IOException;

    /** What could not be got, and why. */
    void missing(String what, String why);

    /** Whether there is no time left; what has not been asked by then is missing. */
    boolean isLate();
}
