package io.holdfast.gateway.authentication;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a token stops to be valid, as a client writes it. Source: cloudify-api section 14. */
public final class Expiry {

    private static final Pattern STEP = Pattern.compile(
            "\\+\\s*(\\d{1,6})\\s*(sec|second|min|minute|h|hour|d|day|w|week|mo|month|y|year)s?\\s*(?=\\+|$)");

    private static final Pattern RELATIVE = Pattern.compile("(" + STEP.pattern() + ")+");

    private static final DateTimeFormatter TO_THE_MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withResolverStyle(ResolverStyle.STRICT);

    private static final Pattern CLOCK = Pattern.compile("\\d{1,2}:\\d{2}");

    private static final DateTimeFormatter TIME_OF_DAY = DateTimeFormatter.ofPattern("H:mm");

    /** Beyond it, neither the database nor clients know how to write a time. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Expiry() {}

    /**
     * @param text {@code +10h}, {@code +2 weeks}, {@code +1day+10min}, {@code 2030-01-01 12:00} (UTC), {@code 12:00} (today, UTC) or an
     *     ISO-8601 time
     * @throws ManagerException {@code bad_parameters_error} for other texts, for times that are over, and for those after the year 9999
     */
    public static Instant parse(String text, Instant now) {
        Instant expiry = read(text.strip(), now);
        if (!expiry.isAfter(now)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "Expiration date was in the past.", "`" + text + "` is before " + now);
        }
        if (expiry.isAfter(LAST)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Expiration date is after the year 9999: `" + text.strip() + "`",
                    "leave expiration_date out for a token that does not expire");
        }
        return expiry;
    }

    private static Instant read(String text, Instant now) {
        try {
            if (RELATIVE.matcher(text).matches()) {
                ZonedDateTime then = now.atZone(ZoneOffset.UTC);
                Matcher step = STEP.matcher(text);
                while (step.find()) {
                    then = plus(then, Long.parseLong(step.group(1)), step.group(2));
                }
                return then.toInstant();
            }
            if (CLOCK.matcher(text).matches()) {
                return LocalTime.parse(text, TIME_OF_DAY)
                        .atDate(LocalDate.ofInstant(now, ZoneOffset.UTC))
                        .toInstant(ZoneOffset.UTC);
            }
            if (text.length() == 16 && text.charAt(10) == ' ') {
                return LocalDateTime.parse(text, TO_THE_MINUTE).toInstant(ZoneOffset.UTC);
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "`" + text + "` is not a legal expiration date. Supported formats are: +<number><unit>"
                            + " (for example +10h or +1day+10min), YYYY-MM-DD HH:mm, HH:mm",
                    null,
                    e);
        }
    }

    private static ZonedDateTime plus(ZonedDateTime now, long number, String unit) {
        if (unit.startsWith("mo")) {
            return now.plusMonths(number);
        }
        return switch (unit.charAt(0)) {
            case 's' -> now.plusSeconds(number);
            case 'm' -> now.plusMinutes(number);
            case 'h' -> now.plusHours(number);
            case 'd' -> now.plusDays(number);
            case 'w' -> now.plusWeeks(number);
            default -> now.plusYears(number);
        };
    }
}
