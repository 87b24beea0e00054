package io.holdfast.inventory.language;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A blueprint breaks a rule of the language: {@code invalid_blueprint_error}, with what was found, the place and what was expected. What
 * was found is said in the words of the existing API where clients look for them.
 */
public final class InvalidBlueprint extends ManagerException {

    private static final long serialVersionUID = 1L;

    private final transient Mark mark;
    private final boolean unparsable;

    /**
     * @param found what is wrong, with the value
     * @param expected what would be right
     */
    public InvalidBlueprint(Mark mark, String found, String expected) {
        this(mark, found, expected, null);
    }

    public InvalidBlueprint(Mark mark, String found, String expected, @Nullable Throwable cause) {
        this(mark, found, expected, false, cause);
    }

    private InvalidBlueprint(Mark mark, String found, String expected, boolean unparsable, @Nullable Throwable cause) {
        super(
                ErrorCode.INVALID_BLUEPRINT,
                found + " (" + mark + "); expected " + expected,
                "correct the blueprint at this place and upload it again",
                cause);
        this.mark = Objects.requireNonNull(mark);
        this.unparsable = unparsable;
    }

    /** As {@link #isUnparsable} tells. */
    static InvalidBlueprint unparsable(Mark mark, String found, String expected, @Nullable Throwable cause) {
        return new InvalidBlueprint(mark, found, expected, true, cause);
    }

    public Mark mark() {
        return mark;
    }

    /**
     * Whether the existing API calls such a blueprint one that could not be parsed, and not an invalid one: for wrong functions, numbers of
     * operations and defaults against constraints.
     */
    public boolean isUnparsable() {
        return unparsable;
    }
}
