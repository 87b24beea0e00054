package io.holdfast.inventory.language;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The versions of the language, in their order. */
enum LanguageVersion {
    DSL_1_0,
    DSL_1_1,
    DSL_1_2,
    DSL_1_3,
    DSL_1_4,
    DSL_1_5;

    /** {@code cloudify_dsl_1_4} */
    String wireName() {
        return "cloudify_dsl_1_" + ordinal();
    }

    static List<String> wireNames() {
        return Arrays.stream(values()).map(LanguageVersion::wireName).toList();
    }

    static Optional<LanguageVersion> of(String wireName) {
        return Arrays.stream(values())
                .filter(version -> version.wireName().equals(wireName))
                .findFirst();
    }

    boolean has(LanguageVersion needed) {
        return compareTo(needed) >= 0;
    }

    /**
     * Refuses what a later version brought.
     *
     * @param owner what it belongs to; empty: the blueprint
     */
    void require(LanguageVersion needed, String what, String owner, Mark mark) {
        if (!has(needed)) {
            throw new InvalidBlueprint(
                    mark,
                    what + " not supported in version " + wireName() + ", it was added in " + needed.wireName(),
                    "tosca_definitions_version: " + needed.wireName() + " or later"
                            + (owner.isEmpty() ? "" : " for " + owner));
        }
    }
}
