package io.holdfast.inventory.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Names and texts in messages to people. */
final class Texts {

    private static final int SHORT = 80;
    private static final int MOST_SHOWN = 12;

    private Texts() {}

    static String shortened(String text) {
        return text.length() <= SHORT ? text : text.substring(0, SHORT) + "…";
    }

    /** {@code one of: a, b, c (did you mean 'b'?)} */
    static String oneOf(Collection<String> names, String found) {
        if (names.isEmpty()) {
            return "one of none: there are none";
        }
        List<String> shown = names.stream().sorted().limit(MOST_SHOWN).toList();
        return "one of: " + String.join(", ", shown)
                + (names.size() > shown.size() ? ", and " + (names.size() - shown.size()) + " more" : "")
                + near(names, found);
    }

    /** {@code a --> b --> a}: the names that were passed on the way, from the one that is met again. */
    static String circle(Collection<String> way, String again) {
        List<String> names = new ArrayList<>(way);
        List<String> circle = names.subList(names.indexOf(again), names.size());
        return String.join(" --> ", circle) + " --> " + again;
    }

    /** {@code  (did you mean 'b'?)}, or nothing where nothing is near. */
    static String near(Collection<String> names, String found) {
        Optional<String> near = names.stream()
                .filter(name -> found.length() > 2 && distance(name, found) <= Math.max(1, found.length() / 3))
                .min(Comparator.comparingInt(name -> distance(name, found)));
        return near.map(name -> " (did you mean '" + name + "'?)").orElse("");
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
