package io.holdfast.inventory.plugins.app;

import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.content.app.Download;
import io.holdfast.listing.Catalogue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plugins and their archives. */
public interface Plugins extends Catalogue {

    /** A small file out of an archive. */
    record File(String name, byte[] bytes) {}

    /** @param full the archive as uploaded; else the wagon alone */
    Download archive(String id, boolean full, CallerIdentity caller);

    /**
     * A yaml file of the archive; {@code not_found_error} where it has none.
     *
     * @param dslVersion which is wanted of several that are for different versions of the language, such as {@code plugin_1_4.yaml}:
     *     {@code 1_4} or {@code cloudify_dsl_1_4}. Where there is none for it, it is one that is for no version. Null: the first
     */
    File yaml(String id, @Nullable String dslVersion, CallerIdentity caller);

    /** The yaml file of this name, without its folder; empty where it has no such file. */
    Optional<File> yamlNamed(String id, String name, CallerIdentity caller);
}
