package io.holdfast.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The manager API's text of a time: UTC, always three digits of milliseconds (cloudify-api section 1.6), for example {@code 2020-03-13T04:00:00.000Z}. */
public final class ApiTime {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private ApiTime() {}

    /** Cuts what is finer than a millisecond. */
    public static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** Null stays null, as the API shows unset times. */
    public static @Nullable String formatOrNull(@Nullable Instant instant) {
        return instant == null ? null : format(instant);
    }

    /**
     * Reads any ISO-8601 instant, with any number of second digits and any offset.
     *
     * @throws java.time.format.DateTimeParseException if it is not one
     */
    public static Instant parse(String text) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    }
}
