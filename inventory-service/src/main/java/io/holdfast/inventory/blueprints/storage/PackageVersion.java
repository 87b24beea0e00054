package io.holdfast.inventory.blueprints.storage;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A version of a Python package, ordered as PEP 440 says: {@code 1.0.dev1 < 1.0a1 < 1.0rc1 < 1.0 < 1.0+local < 1.0.post1 < 1.0.1}.
 *
 * @param release without the zeros at its end when compared, with them where a range asks for its beginning
 * @param local null: none
 */
record PackageVersion(
        BigInteger epoch,
        List<BigInteger> release,
        @Nullable Part pre,
        @Nullable Part post,
        @Nullable Part dev,
        @Nullable String local)
        implements Comparable<PackageVersion> {

    /** A letter's part, such as {@code rc1}. */
    record Part(String letter, BigInteger number) {

        @Override
        public String toString() {
            return letter + number;
        }
    }

    static final String RELEASE = "v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\\.[0-9]+)*)";

    private static final Pattern SYNTAX = Pattern.compile(
            RELEASE
                    + "(?:[-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<preNumber>[0-9]*))?"
                    + "(?:-(?<implicitPost>[0-9]+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>[0-9]*))?"
                    + "(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>[0-9]*))?"
                    + "(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
            Pattern.CASE_INSENSITIVE);

    /** After all letters of versions that come before a release. */
    private static final String RELEASED = "~";

    private static final Comparator<PackageVersion> ORDER = Comparator.comparing(PackageVersion::epoch)
            .thenComparing(version -> withoutZeros(version.release()), PackageVersion::compareNumbers)
            .thenComparing(PackageVersion::preLetter)
            .thenComparing(version -> numberOf(version.pre()))
            .thenComparing(version -> version.post() == null ? BigInteger.ONE.negate() : numberOf(version.post()))
            .thenComparing(version -> version.dev() == null)
            .thenComparing(version -> numberOf(version.dev()))
            .thenComparing(version -> localParts(version.local()), PackageVersion::compareLocal);

    /** Empty for what PEP 440 does not call a version. */
    static Optional<PackageVersion> of(String text) {
        Matcher version = SYNTAX.matcher(text.strip());
        if (!version.matches()) {
            return Optional.empty();
        }
        String implicitPost = version.group("implicitPost");
        String local = version.group("local");
        return Optional.of(new PackageVersion(
                number(version.group("epoch")),
                Stream.of(version.group("release").split("\\."))
                        .map(BigInteger::new)
                        .toList(),
                part(preName(version.group("pre")), version.group("preNumber")),
                implicitPost == null
                        ? part(version.group("post") == null ? null : "post", version.group("postNumber"))
                        : part("post", implicitPost),
                part(version.group("dev") == null ? null : "dev", version.group("devNumber")),
                local == null ? null : local.toLowerCase(Locale.ROOT).replaceAll("[-_]", ".")));
    }

    private static @Nullable String preName(@Nullable String written) {
        if (written == null) {
            return null;
        }
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "a", "alpha" -> "a";
            case "b", "beta" -> "b";
            default -> "rc";
        };
    }

    private static @Nullable Part part(@Nullable String letter, @Nullable String number) {
        return letter == null ? null : new Part(letter, number(number));
    }

    private static BigInteger number(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits);
    }

    boolean isPrerelease() {
        return pre != null || dev != null;
    }

    /** Without what was built of it elsewhere. */
    PackageVersion published() {
        return local == null ? this : new PackageVersion(epoch, release, pre, post, dev, null);
    }

    /** Its release alone. */
    PackageVersion base() {
        return new PackageVersion(epoch, release, null, null, null, null);
    }

    /** Whether its release begins with these numbers; where it is shorter it goes on with zeros. */
    boolean beginsWith(BigInteger wantedEpoch, List<BigInteger> numbers) {
        if (!epoch.equals(wantedEpoch)) {
            return false;
        }
        for (int i = 0; i < numbers.size(); i++) {
            if (!numbers.get(i).equals(i < release.size() ? release.get(i) : BigInteger.ZERO)) {
                return false;
            }
        }
        return true;
    }

    /** By PEP 440: {@code 1.0} and {@code 1.0.0} are the same version, but not equal. */
    @Override
    public int compareTo(PackageVersion other) {
        return ORDER.compare(this, other);
    }

    /** A version that is still developed comes before all others of its release. */
    private String preLetter() {
        if (pre != null) {
            return pre.letter();
        }
        return post == null && dev != null ? "" : RELEASED;
    }

    private static BigInteger numberOf(@Nullable Part part) {
        return part == null ? BigInteger.ZERO : part.number();
    }

    private static List<BigInteger> withoutZeros(List<BigInteger> release) {
        int end = release.size();
        while (end > 0 && release.get(end - 1).signum() == 0) {
            end--;
        }
        return release.subList(0, end);
    }

    private static int compareNumbers(List<BigInteger> one, List<BigInteger> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    private static List<String> localParts(@Nullable String local) {
        return local == null ? List.of() : List.of(local.split("\\."));
    }

    /** Numbers come after words, the longer one after that which it begins with. */
    private static int compareLocal(List<String> one, List<String> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            String a = one.get(i);
            String b = other.get(i);
            boolean aIsNumber = a.chars().allMatch(Character::isDigit);
            boolean bIsNumber = b.chars().allMatch(Character::isDigit);
            int order = aIsNumber && bIsNumber
                    ? new BigInteger(a).compareTo(new BigInteger(b))
                    : aIsNumber == bIsNumber ? a.compareTo(b) : Boolean.compare(aIsNumber, bIsNumber);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(one.size(), other.size());
    }

    /** As PEP 440 normalizes it. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        if (epoch.signum() > 0) {
            parts.add(epoch + "!");
        }
        parts.add(release.stream().map(BigInteger::toString).collect(Collectors.joining(".")));
        if (pre != null) {
            parts.add(pre.toString());
        }
        if (post != null) {
            parts.add("." + post);
        }
        if (dev != null) {
            parts.add("." + dev);
        }
        if (local != null) {
            parts.add("+" + local);
        }
        return String.join("", parts);
    }
}
