package io.holdfast.contracts.language;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of the intrinsic functions. */
public final class IntrinsicFunctions {

    /** Those that only the manager can answer, later. */
    public static final Set<String> AT_RUN_TIME = Set.of(
            "get_attribute",
            "get_attributes_list",
            "get_attributes_dict",
            "get_secret",
            "get_capability",
            "get_group_capability",
            "get_environment_capability",
            "get_sys",
            "get_label",
            "get_consumers");

    /** May stand beside a function, with the type that its result is to have. */
    public static final String TYPE = "type";

    private static final Set<String> AT_ONCE = Set.of(
            "get_input",
            "get_property",
            "concat",
            "merge",
            "string_find",
            "string_replace",
            "string_split",
            "string_lower",
            "string_upper");

    private IntrinsicFunctions() {}

    public static boolean isName(String name) {
        return AT_ONCE.contains(name) || AT_RUN_TIME.contains(name);
    }

    /** Whether a value is {@code {function: arguments}}, or {@code {function: arguments, type: TYPE}}. */
    public static boolean isFunction(@Nullable Object value) {
        return value instanceof Map<?, ?> map && nameAmong(map.keySet()) != null;
    }

    /**
     * @param keys of a mapping
     * @return the function that the mapping calls; null where it calls none and is just a mapping
     */
    public static @Nullable String nameAmong(Collection<?> keys) {
        if (keys.size() > 2 || (keys.size() == 2 && !keys.contains(TYPE))) {
            return null;
        }
        for (Object key : keys) {
            if (key instanceof String name && isName(name)) {
                return name;
            }
        }
        return null;
    }
}
