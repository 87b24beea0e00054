package io.holdfast.inventory.plugins.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.listing.Catalogue;

/** Plugins and their archives. */
public interface Plugins extends Catalogue {

    /** A small file out of an archive. */
    record File(String name, byte[] bytes) {}

    /** @param full the archive as uploaded; else the wagon alone */
    Download archive(String id, boolean full, CallerIdentity caller);

    /** The first yaml file of the archive; {@code not_found_error} where it has none. */
    File yaml(String id, CallerIdentity caller);
}
