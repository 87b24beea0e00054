package io.holdfast.scheduler;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Times as clients send them: a date, or a date and a time, with or without an offset. */
public final class SentTime {

    private SentTime() {}

    /**
     * @param name of the parameter, for messages
     * @param text what names no offset is UTC
     * @throws ManagerException {@code bad_parameters_error} for what is no time, or not between 1970 and 9999
     */
    public static Instant parse(String name, String text) {
        String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) (?=\\d)", "$1T");
        try {
            Instant at;
            if (iso.matches("\\d{4}-\\d{2}-\\d{2}")) {
                at = LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant();
            } else if (iso.matches(".*T.*(Z|[+-]\\d{2}:?\\d{2})")) {
                at = OffsetDateTime.parse(iso.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2"))
                        .toInstant();
            } else {
                at = LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            }
            if (at.isBefore(Instant.EPOCH) || at.atZone(ZoneOffset.UTC).getYear() > 9999) {
                throw new ManagerException(
                        ErrorCode.BAD_PARAMETERS, name + ": " + text + " is not between 1970 and 9999", null);
            }
            return at.truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeParseException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    text + " is not a legal time format",
                    name + " is for example 2026-12-31T23:59:59 (UTC) or 2026-12-31T23:59:59+01:00",
                    e);
        }
    }
}
