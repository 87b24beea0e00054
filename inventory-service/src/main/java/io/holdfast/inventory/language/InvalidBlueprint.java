package io.holdfast.inventory.language;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A blueprint breaks a rule of the language: {@code invalid_blueprint_error}, with the place, what was found and what was expected. */
public final class InvalidBlueprint extends ManagerException {

    private static final long serialVersionUID = 1L;

    private final transient Mark mark;

    /**
     * @param found what is wrong, with the value
     * @param expected what would be right
     */
    public InvalidBlueprint(Mark mark, String found, String expected) {
        this(mark, found, expected, null);
    }

    public InvalidBlueprint(Mark mark, String found, String expected, @Nullable Throwable cause) {
        super(
                ErrorCode.INVALID_BLUEPRINT,
                mark + ": " + found + "; expected " + expected,
                "correct the blueprint at this place and upload it again",
                cause);
        this.mark = Objects.requireNonNull(mark);
    }

    public Mark mark() {
        return mark;
    }
}
