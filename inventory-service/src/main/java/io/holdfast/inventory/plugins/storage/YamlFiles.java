package io.holdfast.inventory.plugins.storage;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which of a plugin's yaml files is meant. Source: the existing product's client, which chooses among their paths in the same way. */
final class YamlFiles {

    private static final String LANGUAGE = "cloudify_dsl_";

    private static final Pattern OF_ONE_VERSION = Pattern.compile("_\\d_\\d+\\.yaml$");

    private YamlFiles() {}

    /**
     * @param paths in the archive's order
     * @param dslVersion null: any
     * @return empty where there are no paths
     */
    static Optional<String> choose(List<String> paths, @Nullable String dslVersion) {
        if (dslVersion == null || dslVersion.isBlank()) {
            return paths.stream().findFirst();
        }
        String version = dslVersion.startsWith(LANGUAGE) ? dslVersion.substring(LANGUAGE.length()) : dslVersion;
        return paths.stream()
                .filter(path -> path.endsWith("_" + version + ".yaml"))
                .findFirst()
                .or(() -> paths.stream()
                        .filter(path -> !OF_ONE_VERSION.matcher(path).find())
                        .findFirst())
                .or(() -> paths.stream().findFirst());
    }

    /** Without the folder. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
