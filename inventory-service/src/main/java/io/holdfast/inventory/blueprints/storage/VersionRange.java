package io.holdfast.inventory.blueprints.storage;

import io.holdfast.inventory.language.Library;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Versions that satisfy all of {@code >=1.0,<2}; a version alone must be equal. */
record VersionRange(List<Bound> bounds) {

    record Bound(String operator, String version) {}

    private static final Pattern BOUND = Pattern.compile("\\s*(>=|<=|==|!=|>|<|=)?\\s*([0-9A-Za-z.+_-]+)\\s*");

    /** Numbers as numbers; a shorter version before the longer one that begins like it. */
    static final Comparator<String> ORDER = VersionRange::compare;

    static VersionRange of(@Nullable String text) {
        List<Bound> bounds = new ArrayList<>();
        if (text != null && !text.isBlank()) {
            for (String part : text.split(",", -1)) {
                Matcher bound = BOUND.matcher(part);
                if (!bound.matches()) {
                    throw new Library.WrongVersion(
                            text, "versions with >=, <=, >, <, == or != before them, separated by commas");
                }
                bounds.add(new Bound(bound.group(1) == null ? "==" : bound.group(1), bound.group(2)));
            }
        }
        return new VersionRange(bounds);
    }

    boolean contains(String version) {
        return bounds.stream().allMatch(bound -> {
            int order = compare(version, bound.version());
            return switch (bound.operator()) {
                case ">=" -> order >= 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                case "<" -> order < 0;
                case "!=" -> order != 0;
                default -> order == 0;
            };
        });
    }

    private static int compare(String one, String other) {
        String[] left = one.split("[.+_-]");
        String[] right = other.split("[.+_-]");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            String a = i < left.length ? left[i] : "0";
            String b = i < right.length ? right[i] : "0";
            boolean numbers = a.matches("\\d+") && b.matches("\\d+");
            int order = numbers ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
