package io.holdfast.snapshot.bundles;

import java.io.IOException;

/** Somewhere that has something to tell. */
public interface BundleSource {

    /** Where the source's parts stand in a bundle: the lowest first. */
    int order();

    /**
     * Hands over what it has, and says what it could not get.
     *
     * @throws IOException only if the bundle cannot be written; what does not answer is {@link BundleContents#missing}
     */
    void gather(BundleContents contents) throws IOException;
}
