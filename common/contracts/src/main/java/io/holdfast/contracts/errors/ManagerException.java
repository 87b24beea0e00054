package io.holdfast.contracts.errors;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request or an operation cannot go on, with what was found and what to do next. */
public class ManagerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String hint;
    /** Not written when serialized: values may be of any type. */
    private final transient @Nullable Map<String, @Nullable Object> members;

    /**
     * @param detail what was found and what was expected, with values; clients show it as {@code message}; never a secret
     * @param hint what to do next, or null where the detail says it
     */
    public ManagerException(ErrorCode code, String detail, @Nullable String hint) {
        this(code, detail, hint, null);
    }

    /** As the other constructor, keeping the cause for the log. */
    public ManagerException(ErrorCode code, String detail, @Nullable String hint, @Nullable Throwable cause) {
        this(code, detail, hint, cause, Map.of());
    }

    /** As the other constructors. @param members what this code's answers have besides, by name: JSON's maps, lists and scalars */
    public ManagerException(
            ErrorCode code,
            String detail,
            @Nullable String hint,
            @Nullable Throwable cause,
            Map<String, ? extends @Nullable Object> members) {
        super(Objects.requireNonNull(detail), cause);
        this.code = Objects.requireNonNull(code);
        this.hint = hint;
        this.members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /**
     * What those are told who may not do something. Source: cloudify-api section 1.4.
     *
     * @param tenant where they may not; null: the right is asked for in no tenant
     */
    public static ManagerException notPermitted(String username, @Nullable String action, @Nullable String tenant) {
        return new ManagerException(
                ErrorCode.FORBIDDEN,
                "User `" + username + "` is not permitted to perform the action " + action
                        + (tenant == null ? "" : " in the tenant `" + tenant + "`"),
                null);
    }

    public ErrorCode code() {
        return code;
    }

    public String detail() {
        return Objects.requireNonNull(getMessage());
    }

    public @Nullable String hint() {
        return hint;
    }

    /** Further members of the answer; mostly empty. */
    public Map<String, @Nullable Object> members() {
        return members == null ? Map.of() : members;
    }
}
