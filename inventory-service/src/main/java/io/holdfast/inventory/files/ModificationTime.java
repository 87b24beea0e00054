package io.holdfast.inventory.files;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * When a file was changed, to the microsecond. Clients compare the texts, so each moment has exactly one: the one of Python's
 * {@code datetime.isoformat()} in UTC.
 */
public final class ModificationTime {

    private static final DateTimeFormatter WHOLE_SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'");
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'");

    /** What zips can tell to the microsecond begins here, what Python can tell ends before the other. */
    private static final Instant EARLIEST = Instant.parse("1601-01-01T00:00:00Z");

    private static final Instant TOO_LATE = Instant.parse("+10000-01-01T00:00:00Z");

    private ModificationTime() {}

    /** @throws ManagerException {@code bad_parameters_error} */
    public static Instant parse(String text) {
        try {
            Instant time = OffsetDateTime.parse(text.strip().replace(' ', 'T')).toInstant();
            if (!time.isBefore(EARLIEST) && time.isBefore(TOO_LATE)) {
                return rounded(time);
            }
        } catch (DateTimeException e) {
            // Told below, as for times that are out of range.
        }
        throw new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "mtime is `" + text
                        + "`, expected a time with its zone from 1601 to 9999, such as 2026-01-31T12:00:00.123456+00:00",
                null);
    }

    /** To the nearest microsecond, as Python makes times of what a file system tells. */
    public static Instant rounded(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond(), (time.getNano() + 500L) / 1000 * 1000);
    }

    public static String text(Instant time) {
        return (time.getNano() < 1000 ? WHOLE_SECONDS : MICROSECONDS).format(time.atOffset(ZoneOffset.UTC));
    }
}
