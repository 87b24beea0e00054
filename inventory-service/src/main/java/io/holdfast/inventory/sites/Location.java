package io.holdfast.inventory.sites;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** A place on earth, in degrees. Its text is {@code latitude, longitude}, as {@code 51.5, -0.12} (cloudify-api section 14). */
public record Location(double latitude, double longitude) {

    private static final double POLE = 90;
    private static final double DATE_LINE = 180;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

    /**
     * @param text two decimal numbers with a comma between them
     * @throws ManagerException {@code bad_parameters_error} with the API's own texts
     */
    public static Location of(String text) {
        int comma = text.indexOf(',');
        if (comma < 0) {
            throw bad(text, ", the format is expected to be \"latitude,longitude\" such as \"32.071072,34.787274\"");
        }
        double latitude = number(text, text.substring(0, comma));
        double longitude = number(text, text.substring(comma + 1));
        if (Math.abs(latitude) > POLE || Math.abs(longitude) > DATE_LINE) {
            throw bad(
                    text, ". The latitude must be a number between -90 and 90 and the longitude between -180 and 180");
        }
        return new Location(latitude, longitude);
    }

    private static double number(String text, String degrees) {
        String number = degrees.strip();
        if (!NUMBER.matcher(number).matches()) {
            throw bad(text, ", the latitude and longitude are expected to be of type float");
        }
        // No minus before a zero.
        return Double.parseDouble(number) + 0.0;
    }

    private static ManagerException bad(String text, String reason) {
        return new ManagerException(ErrorCode.BAD_PARAMETERS, "Invalid location `" + text + "`" + reason, null);
    }

    @Override
    public String toString() {
        return text(latitude) + ", " + text(longitude);
    }

    /** The shortest decimal text that reads back as the same number, never with an exponent. */
    private static String text(double degrees) {
        String shortest = Double.toString(degrees);
        return shortest.indexOf('E') < 0 ? shortest : new BigDecimal(shortest).toPlainString();
    }
}
