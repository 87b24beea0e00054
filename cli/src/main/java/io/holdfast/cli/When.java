package io.holdfast.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as people write them: {@code 2026-12-31 23:59}, {@code 2026-12-31T23:59:59+01:00}, {@code +1 month}. */
final class When {

    private static final Pattern RELATIVE = Pattern.compile("\\+\\s*(\\d{1,6})\\s*([a-z]+?)s?");

    private static final Map<String, ChronoUnit> UNITS = Map.ofEntries(
            Map.entry("sec", ChronoUnit.SECONDS),
            Map.entry("second", ChronoUnit.SECONDS),
            Map.entry("min", ChronoUnit.MINUTES),
            Map.entry("minute", ChronoUnit.MINUTES),
            Map.entry("h", ChronoUnit.HOURS),
            Map.entry("hour", ChronoUnit.HOURS),
            Map.entry("d", ChronoUnit.DAYS),
            Map.entry("day", ChronoUnit.DAYS),
            Map.entry("w", ChronoUnit.WEEKS),
            Map.entry("week", ChronoUnit.WEEKS),
            Map.entry("mo", ChronoUnit.MONTHS),
            Map.entry("month", ChronoUnit.MONTHS),
            Map.entry("y", ChronoUnit.YEARS),
            Map.entry("year", ChronoUnit.YEARS));

    private static final DateTimeFormatter WIRE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private When() {}

    /** As the API takes it, in UTC; null for null. */
    static @Nullable String wire(@Nullable String text, @Nullable String zone, Instant now) {
        return text == null ? null : WIRE.format(parse(text.strip(), zone(zone), now));
    }

    /** As our own API takes it where a time must name its offset; null for null. */
    static @Nullable String instant(@Nullable String text, @Nullable String zone, Instant now) {
        return text == null ? null : parse(text.strip(), zone(zone), now).toString();
    }

    static ZoneId zone(@Nullable String zone) {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw new CliFailure(ExitCode.USAGE, "`" + zone + "` is not a time zone; one is Europe/Berlin", e);
        }
    }

    private static Instant parse(String text, ZoneId zone, Instant now) {
        Matcher relative = RELATIVE.matcher(text.toLowerCase(Locale.ROOT));
        if (relative.matches() && UNITS.containsKey(relative.group(2))) {
            return ZonedDateTime.ofInstant(now, zone)
                    .plus(Long.parseLong(relative.group(1)), UNITS.get(relative.group(2)))
                    .truncatedTo(ChronoUnit.MINUTES)
                    .toInstant();
        }
        String iso = text.replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) (?=\\d)", "$1T");
        try {
            if (iso.matches("\\d{4}-\\d{2}-\\d{2}")) {
                return LocalDate.parse(iso).atStartOfDay(zone).toInstant();
            }
            if (iso.matches(".*T.*(Z|[+-]\\d{2}:\\d{2})")) {
                return OffsetDateTime.parse(iso).toInstant();
            }
            return LocalDateTime.parse(iso).atZone(zone).toInstant();
        } catch (DateTimeParseException e) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "`" + text
                            + "` is not a time; one is 2026-12-31, 2026-12-31 23:59, 2026-12-31T23:59:59+01:00 or +1 month",
                    e);
        }
    }
}
