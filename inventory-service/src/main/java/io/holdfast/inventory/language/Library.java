package io.holdfast.inventory.language;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What blueprints may import from outside of their archive. */
public interface Library {

    /** What may stand before a version, as a regular expression. */
    String VERSION_OPERATORS = "===|~=|==|!=|<=|>=|<|>";

    /**
     * @param name for messages and to tell it from others
     * @param yaml its plugin.yaml
     */
    record PluginFile(String name, byte[] yaml) {
        public PluginFile {
            Objects.requireNonNull(name);
            Objects.requireNonNull(yaml);
        }
    }

    /** @param mainFile path in the files */
    record OtherBlueprint(BlueprintFiles files, String mainFile) {
        public OtherBlueprint {
            Objects.requireNonNull(files);
            Objects.requireNonNull(mainFile);
        }
    }

    /** A version that a plugin is searched by is no range. */
    final class WrongVersion extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String expected;

        public WrongVersion(String version, String expected) {
            super("'" + version + "' is no range of versions");
            this.expected = expected;
        }

        public String expected() {
            return expected;
        }
    }

    /**
     * The newest plugin of this package that satisfies the query.
     *
     * @param query what stands after the question mark: {@code version} (text or {@code >=1.0,<2}), {@code distribution}
     * @param language the version of the language that the main file is written in, as {@code cloudify_dsl_1_4}: a plugin may have a file
     *     of its own for each
     * @throws WrongVersion if {@code version} cannot be understood
     */
    Optional<PluginFile> plugin(String packageName, Map<String, String> query, String language);

    /** An uploaded blueprint. */
    Optional<OtherBlueprint> blueprint(String id);

    /** Knows nothing. */
    static Library empty() {
        return new Library() {
            @Override
            public Optional<PluginFile> plugin(String packageName, Map<String, String> query, String language) {
                return Optional.empty();
            }

            @Override
            public Optional<OtherBlueprint> blueprint(String id) {
                return Optional.empty();
            }
        };
    }
}
