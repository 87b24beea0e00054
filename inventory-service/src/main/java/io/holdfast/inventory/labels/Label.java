package io.holdfast.inventory.labels;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** A key and one of its values. Keys are lower case. */
public record Label(String key, String value) {

    /** Names the deployment that a deployment belongs to. */
    public static final String PARENT = "csys-obj-parent";

    /** On a deployment: names one that needs it. */
    public static final String CONSUMER = "csys-consumer-id";

    /** The keys with the prefix {@code csys-} that users may set, in the order in which the API lists them. */
    public static final List<String> RESERVED = List.of(
            "csys-obj-name",
            "csys-obj-type",
            "csys-env-type",
            "csys-wrcp-services",
            "csys-location-name",
            "csys-location-lat",
            "csys-location-long",
            PARENT,
            CONSUMER);

    private static final int LONGEST = 256;
    private static final Pattern KEY = Pattern.compile("[a-z0-9_.~-]+");
    private static final String RESERVED_PREFIX = "csys-";

    public Label {
        Objects.requireNonNull(key);
        Objects.requireNonNull(value);
    }

    /** The deployments that labels name as those that theirs belongs to. */
    public static List<String> parents(Collection<Label> labels) {
        return labels.stream()
                .filter(label -> label.key().equals(PARENT))
                .map(Label::value)
                .toList();
    }

    /** Whether a text must not have it: control characters and such that have no shape of their own, as Unicode groups them (C). */
    public static boolean isControl(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** @throws ManagerException {@code bad_parameters_error} where the API allows no such label */
    public static Label of(String key, String value) {
        String lower = key.toLowerCase(Locale.ROOT);
        String plain = Normalizer.normalize(value, Normalizer.Form.NFKC);
        if (lower.isEmpty() || plain.isEmpty()) {
            throw bad("The label's key or value is empty");
        }
        if (lower.length() > LONGEST || plain.length() > LONGEST) {
            throw bad("The key or value is too long. Maximum allowed length is " + LONGEST + " characters");
        }
        if (!KEY.matcher(lower).matches()) {
            throw bad(
                    "The key `" + key
                            + "` contains illegal characters. Only letters, digits and the characters `-`, `.` and `_` are allowed");
        }
        if (value.codePoints().anyMatch(character -> character == '"' || isControl(character))) {
            throw bad("The value `" + value
                    + "` contains illegal characters. Control characters and `\"` are not allowed.");
        }
        if (lower.startsWith(RESERVED_PREFIX) && !RESERVED.contains(lower)) {
            throw bad(
                    "All labels with a `csys-` prefix are reserved for internal use. Allowed `csys-` prefixed labels are: "
                            + String.join(", ", RESERVED.stream().sorted().toList()));
        }
        return new Label(lower, plain);
    }

    private static ManagerException bad(String detail) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, detail, null);
    }
}
