package io.holdfast.inventory.blueprints.storage;

import io.holdfast.inventory.language.Library;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Versions that satisfy all of {@code >=1.0,<2}, as PEP 440 understands it: versions before a release count only where a bound names one. A
 * version alone must be written like this.
 */
record VersionRange(List<Bound> bounds) {

    /** @param version of a bound that is no text to compare */
    private record Bound(
            String operator,
            String text,
            boolean beginning,
            @Nullable PackageVersion version) {

        boolean namesPrerelease() {
            return !List.of("<", ">", "!=").contains(operator) && version != null && version.isPrerelease();
        }

        boolean contains(String text, @Nullable PackageVersion candidate) {
            if (version == null || operator.equals(AS_WRITTEN)) {
                return (candidate == null ? text : candidate.toString()).equalsIgnoreCase(this.text);
            }
            return candidate != null && contains(candidate, version);
        }

        private boolean contains(PackageVersion candidate, PackageVersion wanted) {
            PackageVersion published = candidate.published();
            return switch (operator) {
                case ">=" -> published.compareTo(wanted) >= 0;
                case "<=" -> published.compareTo(wanted) <= 0;
                case ">" ->
                    candidate.compareTo(wanted) > 0
                            && !(sameRelease(candidate, wanted)
                                    && (candidate.post() != null && wanted.post() == null
                                            || candidate.local() != null));
                case "<" ->
                    candidate.compareTo(wanted) < 0
                            && !(sameRelease(candidate, wanted) && candidate.isPrerelease() && !wanted.isPrerelease());
                case "!=" -> !same(candidate, wanted);
                case COMPATIBLE ->
                    published.compareTo(wanted) >= 0
                            && candidate.beginsWith(wanted.epoch(), allButLast(wanted.release()));
                default -> same(candidate, wanted);
            };
        }

        private boolean same(PackageVersion candidate, PackageVersion wanted) {
            if (beginning) {
                return candidate.beginsWith(wanted.epoch(), wanted.release());
            }
            return (wanted.local() == null ? candidate.published() : candidate).compareTo(wanted) == 0;
        }

        private static boolean sameRelease(PackageVersion candidate, PackageVersion wanted) {
            return candidate.base().compareTo(wanted.base()) == 0;
        }

        private static List<BigInteger> allButLast(List<BigInteger> release) {
            return release.subList(0, release.size() - 1);
        }
    }

    private static final String AS_WRITTEN = "===";
    private static final String COMPATIBLE = "~=";

    private static final Pattern BOUND = Pattern.compile("(" + Library.VERSION_OPERATORS + ")\\s*(\\S+)");

    private static final Pattern BEGINNING =
            Pattern.compile(PackageVersion.RELEASE + "\\.\\*", Pattern.CASE_INSENSITIVE);

    /** The newest last; what is no version to PEP 440 first. */
    static final Comparator<String> ORDER = Comparator.comparing(
                    PackageVersion::of,
                    Comparator.comparing(
                            (Optional<PackageVersion> version) -> version.orElse(null),
                            Comparator.nullsFirst(Comparator.naturalOrder())))
            .thenComparing(Comparator.naturalOrder());

    /** @throws Library.WrongVersion for what has an empty bound, or one of several words */
    static VersionRange of(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return new VersionRange(List.of());
        }
        List<Bound> bounds = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            bounds.add(bound(part.strip())
                    .orElseThrow(() -> new Library.WrongVersion(
                            text,
                            "versions with ===, ==, !=, ~=, >=, <=, > or < before them (==1.* for all that begin with 1),"
                                    + " separated by commas")));
        }
        return new VersionRange(bounds);
    }

    private static Optional<Bound> bound(String part) {
        Matcher bound = BOUND.matcher(part);
        if (bound.matches() && !bound.group(1).equals(AS_WRITTEN)) {
            Optional<Bound> read = comparing(bound.group(1), bound.group(2));
            if (read.isPresent()) {
                return read;
            }
        }
        String version = bound.matches() && bound.group(1).equals(AS_WRITTEN) ? bound.group(2) : part;
        return version.isEmpty() || version.chars().anyMatch(Character::isWhitespace)
                ? Optional.empty()
                : Optional.of(new Bound(
                        AS_WRITTEN, version, false, PackageVersion.of(version).orElse(null)));
    }

    private static Optional<Bound> comparing(String operator, String text) {
        boolean equality = List.of("==", "!=").contains(operator);
        boolean beginning = equality && BEGINNING.matcher(text).matches();
        return PackageVersion.of(beginning ? text.substring(0, text.length() - 2) : text)
                .filter(version -> equality || version.local() == null)
                .filter(version ->
                        !operator.equals(COMPATIBLE) || version.release().size() > 1)
                .map(version -> new Bound(operator, text, beginning, version));
    }

    boolean contains(String text) {
        PackageVersion version = PackageVersion.of(text).orElse(null);
        if (version != null && version.isPrerelease() && bounds.stream().noneMatch(Bound::namesPrerelease)) {
            return false;
        }
        return bounds.stream().allMatch(bound -> bound.contains(text, version));
    }
}
