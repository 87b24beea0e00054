package io.holdfast.http;

import java.time.Instant;
import java.time.LocalDateTime;
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
        LocalDateTime utc = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        if (utc.getYear() < 0 || utc.getYear() > 9999) {
            return FORMAT.format(instant);
        }
        // By hand: a page of a list has hundreds of them.
        char[] text = "0000-00-00T00:00:00.000Z".toCharArray();
        put(text, 4, utc.getYear());
        put(text, 7, utc.getMonthValue());
        put(text, 10, utc.getDayOfMonth());
        put(text, 13, utc.getHour());
        put(text, 16, utc.getMinute());
        put(text, 19, utc.getSecond());
        put(text, 23, instant.getNano() / 1_000_000);
        return new String(text);
    }

    /** The digits of a number, which end before {@code end}; what is left of them stays. */
    private static void put(char[] text, int end, int number) {
        int place = end;
        for (int rest = number; rest > 0; rest /= 10) {
            text[--place] = (char) ('0' + rest % 10);
        }
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
