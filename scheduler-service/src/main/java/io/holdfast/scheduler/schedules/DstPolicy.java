package io.holdfast.scheduler.schedules;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What becomes of a local time that a change of the clocks leaves out, or that it brings twice. */
public record DstPolicy(Gap gap, Overlap overlap) {

    /** Nothing is lost and nothing runs twice. */
    public static final DstPolicy DEFAULT = new DstPolicy(Gap.SHIFT, Overlap.FIRST);

    /** SHIFT: it is read with the offset before the gap, so that it comes later by the gap's length. SKIP: there is no occurrence. */
    public enum Gap {
        SHIFT,
        SKIP
    }

    /** Which of the two. */
    public enum Overlap {
        FIRST,
        SECOND,
        BOTH
    }

    /**
     * By the names of the API; null for the default.
     *
     * @throws ManagerException BAD_PARAMETERS for an unknown name
     */
    public static DstPolicy of(@Nullable String gap, @Nullable String overlap) {
        return new DstPolicy(
                gap == null ? DEFAULT.gap : named("dst_gap", Gap.values(), gap),
                overlap == null ? DEFAULT.overlap : named("dst_overlap", Overlap.values(), overlap));
    }

    /** The constant with this name in the API, which is its own in small letters. */
    static <E extends Enum<E>> E named(String field, E[] constants, String name) {
        return Arrays.stream(constants)
                .filter(constant -> nameOf(constant).equals(name))
                .findFirst()
                .orElseThrow(() -> new ManagerException(
                        ErrorCode.BAD_PARAMETERS,
                        field + ": `" + name + "` is not one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(constants)
                                                .map(DstPolicy::nameOf)
                                                .toList()),
                        null));
    }

    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
