package io.holdfast.snapshot.transfer;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One range of bytes. Source: RFC 9110 section 14.
 *
 * @param first of the whole, from 0
 * @param length at least one
 */
public record ByteRange(long first, long length) {

    private static final Pattern BYTES = Pattern.compile("bytes=\\s*(\\d*)-(\\d*)\\s*");

    /** What becomes of a Range header: the whole, a part, or nothing that there is. */
    public sealed interface Asked {
        /** No range, or one that may be ignored: several, another unit, malformed. */
        record Whole() implements Asked {}

        record Part(ByteRange range) implements Asked {}

        record Unsatisfiable() implements Asked {}
    }

    public static Asked of(Optional<String> header, long total) {
        Matcher matcher = BYTES.matcher(header.orElse(""));
        if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            return new Asked.Whole();
        }
        try {
            if (matcher.group(1).isEmpty()) {
                long suffix = Math.min(total, Long.parseLong(matcher.group(2)));
                return suffix == 0 ? new Asked.Unsatisfiable() : new Asked.Part(new ByteRange(total - suffix, suffix));
            }
            long first = Long.parseLong(matcher.group(1));
            long last = matcher.group(2).isEmpty() ? total - 1 : Long.parseLong(matcher.group(2));
            if (!matcher.group(2).isEmpty() && last < first) {
                return new Asked.Whole();
            }
            return first >= total
                    ? new Asked.Unsatisfiable()
                    : new Asked.Part(new ByteRange(first, Math.min(last, total - 1) - first + 1));
        } catch (NumberFormatException beyondLong) {
            return new Asked.Unsatisfiable();
        }
    }

    public long last() {
        return first + length - 1;
    }
}
