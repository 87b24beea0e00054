package io.holdfast.gateway.authentication;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a token stops to be valid, as a client writes it. Source: cloudify-api section 14. */
public final class Expiry {

    private static final Pattern RELATIVE =
            Pattern.compile("\\+\\s*(\\d{1,6})\\s*(sec|second|min|minute|h|hour|d|day|w|week|mo|month|y|year)s?");

    private static final DateTimeFormatter TO_THE_MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    /** Beyond it, neither the database nor clients know how to write a time. */
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Expiry() {}

    /**
     * @param text {@code +10h}, {@code +2 weeks}, {@code 2030-01-01 12:00} (UTC) or an ISO-8601 time
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
        Matcher relative = RELATIVE.matcher(text);
        try {
            if (relative.matches()) {
                return plus(now.atZone(ZoneOffset.UTC), Long.parseLong(relative.group(1)), relative.group(2))
                        .toInstant();
            }
            if (text.length() == 16 && text.charAt(10) == ' ') {
                return LocalDateTime.parse(text, TO_THE_MINUTE).toInstant(ZoneOffset.UTC);
            }
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "`" + text + "` is not a legal expiration date. Supported formats are: +<number><unit>"
                            + " (for example +10h), YYYY-MM-DD HH:mm",
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
