package io.holdfast.inventory.plugins;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the archive of a plugin tells. JSON as text; null where it says nothing.
 *
 * @param yamlFiles names in the archive, sorted
 */
public record PluginDescription(
        String packageName,
        String packageVersion,
        String archiveName,
        @Nullable String packageSource,
        @Nullable String distribution,
        @Nullable String distributionVersion,
        @Nullable String distributionRelease,
        @Nullable String supportedPlatform,
        @Nullable String supportedPyVersions,
        @Nullable String wheels,
        @Nullable String excludedWheels,
        @Nullable String blueprintLabels,
        @Nullable String labels,
        @Nullable String resourceTags,
        List<String> yamlFiles) {

    public PluginDescription {
        Objects.requireNonNull(packageName);
        Objects.requireNonNull(packageVersion);
        Objects.requireNonNull(archiveName);
        yamlFiles = List.copyOf(yamlFiles);
    }
}
