package io.holdfast.inventory.blueprints;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where an upload stands. Source: cloudify-api section 6. */
public enum BlueprintState {
    PENDING,
    UPLOADING,
    EXTRACTING,
    PARSING,
    UPLOADED,
    VALIDATING,
    FAILED_UPLOADING,
    FAILED_EXTRACTING,
    FAILED_PARSING,
    FAILED_EXTRACTING_TO_FILE_SERVER,
    INVALID;

    private static final Set<BlueprintState> FAILED =
            Set.of(FAILED_UPLOADING, FAILED_EXTRACTING, FAILED_PARSING, FAILED_EXTRACTING_TO_FILE_SERVER, INVALID);

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In the order in which the API lists them. */
    public static List<String> all() {
        return Stream.of(values()).map(BlueprintState::wireName).toList();
    }

    /** States of which nothing comes any more; a blueprint in one of them may be uploaded again. */
    public static Set<String> failed() {
        return FAILED.stream().map(BlueprintState::wireName).collect(Collectors.toUnmodifiableSet());
    }

    /** States of an upload on its way. */
    public static Set<String> unfinished() {
        return Stream.of(PENDING, UPLOADING, EXTRACTING, PARSING)
                .map(BlueprintState::wireName)
                .collect(Collectors.toUnmodifiableSet());
    }
}
