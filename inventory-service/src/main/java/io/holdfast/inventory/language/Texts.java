package io.holdfast.inventory.language;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Values in messages, printed as the existing API prints them, because clients compare and show these texts. */
public final class Texts {

    private static final int SHORT = 80;
    private static final int MOST_SHOWN = 12;

    private Texts() {}

    /** Text as it is, everything else as {@link #repr}. */
    static String str(@Nullable Object value) {
        return value instanceof String text ? text : repr(value);
    }

    /** {@code 'text'}, {@code True}, {@code None}, {@code ['a', 1]}, {@code {'k': 'v'}} */
    public static String repr(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof String text) {
            char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
            String escaped = text.replace("\\", "\\\\")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r")
                    .replace("\t", "\\t");
            return quote + (quote == '\'' ? escaped.replace("'", "\\'") : escaped) + quote;
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(Texts::repr).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> repr(entry.getKey()) + ": " + repr(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return value.toString();
    }

    /** The type's name in the existing API's messages. */
    static String typeName(@Nullable Object value) {
        if (value == null) {
            return "NoneType";
        }
        if (value instanceof String) {
            return "str";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Double) {
            return "float";
        }
        if (value instanceof Number) {
            return "int";
        }
        return value instanceof Map ? "dict" : "list";
    }

    static String shortened(String text) {
        return text.length() <= SHORT ? text : text.substring(0, SHORT) + "…";
    }

    /** {@code one of: a, b, c (did you mean 'b'?)} */
    static String oneOf(Collection<String> names, String found) {
        if (names.isEmpty()) {
            return "one of none: there are none";
        }
        Optional<String> near = names.stream()
                .filter(name -> found.length() > 2 && distance(name, found) <= Math.max(1, found.length() / 3))
                .min(Comparator.comparingInt(name -> distance(name, found)));
        List<String> shown = names.stream().sorted().limit(MOST_SHOWN).toList();
        return "one of: " + String.join(", ", shown)
                + (names.size() > shown.size() ? ", and " + (names.size() - shown.size()) + " more" : "")
                + near.map(name -> " (did you mean '" + name + "'?)").orElse("");
    }

    /** Edits from one text to the other (Levenshtein), bounded to what names need. */
    private static int distance(String one, String other) {
        if (one.length() > 100 || other.length() > 100) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
