package io.holdfast.inventory.resources;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who sees a thing, from narrow to wide. Source: cloudify-api section 1.4. */
public enum Visibility {
    PRIVATE,
    TENANT,
    GLOBAL;

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param text null: {@link #TENANT} */
    public static Visibility of(@Nullable String text) {
        return of(text, "['private', 'tenant', 'global']", PRIVATE);
    }

    /** For changes, which never narrow to private. */
    public static Visibility ofChange(String text) {
        return of(text, "['tenant', 'global']", TENANT);
    }

    private static Visibility of(@Nullable String text, String valid, Visibility least) {
        if (text == null) {
            return TENANT;
        }
        for (Visibility visibility : values()) {
            if (visibility.wireName().equals(text) && visibility.compareTo(least) >= 0) {
                return visibility;
            }
        }
        throw new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "Invalid visibility: `" + text + "`. Valid visibility's values are: " + valid,
                null);
    }

    public boolean isWiderThan(Visibility other) {
        return compareTo(other) > 0;
    }

    /** Refuses narrowing. */
    public void requireNotNarrowerThan(Visibility present, String id) {
        if (present.isWiderThan(this)) {
            throw new ManagerException(
                    ErrorCode.ILLEGAL_ACTION,
                    "Can't set the visibility of `" + id + "` to " + wireName()
                            + " because it already has wider visibility",
                    null);
        }
    }
}
