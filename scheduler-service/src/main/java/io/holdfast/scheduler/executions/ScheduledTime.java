package io.holdfast.scheduler.executions;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the {@code scheduled_time} of a submission. Text with an offset is turned into an instant here, at the door. */
public final class ScheduledTime {

    /** The legacy form of the command line: minutes, and an offset. */
    private static final Pattern COMPACT = Pattern.compile("(\\d{12})([+-]\\d{4}|Z)?");

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuuMMddHHmm", Locale.ROOT);
    private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("[XX][X]", Locale.ROOT);

    /** Farther away is taken for a slip of the pen. */
    private static final Duration FARTHEST = Duration.ofDays(3653);

    private static final String EXPECTED = "Expected format: YYYYMMDDHHMM+HHMM or YYYYMMDDHHMM-HHMM, for example"
            + " 201801012230-0500 (January 1st 2018, 22:30, five hours behind UTC), or an ISO 8601 time";

    private ScheduledTime() {}

    /**
     * Accepts {@code YYYYMMDDHHMM} with {@code +HHMM} or {@code -HHMM}, and ISO 8601 date-times. Without an offset it is UTC.
     * Kept to the millisecond, as answers show it: to cut it to the minute, as the existing product does, would be to run it early.
     *
     * @param now the database's time
     * @return strictly after {@code now}
     * @throws ManagerException BAD_PARAMETERS if it is not readable, not in the future, or more than ten years away
     */
    public static Instant parse(String text, Instant now) {
        Instant due = read(text).truncatedTo(ChronoUnit.MILLIS);
        if (!due.isAfter(now)) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Date `" + text + "` has already passed, please provide valid date. \n" + EXPECTED,
                    null);
        }
        if (due.isAfter(now.plus(FARTHEST))) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Date `" + text + "` is more than ten years away, please provide valid date. \n" + EXPECTED,
                    null);
        }
        return due;
    }

    private static Instant read(String text) {
        String clean = text.strip();
        try {
            Matcher compact = COMPACT.matcher(clean);
            if (compact.matches()) {
                String offset = compact.group(2);
                ZoneOffset zone = offset == null ? ZoneOffset.UTC : ZoneOffset.from(OFFSET.parse(offset));
                return LocalDateTime.parse(compact.group(1), MINUTES).toInstant(zone);
            }
            String iso = clean.replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) (?=\\d)", "$1T")
                    .replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2");
            if (iso.matches("\\d{4}-\\d{2}-\\d{2}")) {
                iso = iso + "T00:00";
            }
            if (iso.matches(".*T.*(Z|[+-]\\d{2}(:\\d{2})?)")) {
                return OffsetDateTime.parse(iso).toInstant();
            }
            return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS, "`" + text + "` is not a date that can be read. \n" + EXPECTED, null, e);
        }
    }
}
