package io.holdfast.inventory.sites;

import java.math.BigDecimal;

/** A place on earth, in degrees. Its text is {@code latitude, longitude}, as {@code 51.5, -0.12} (cloudify-api section 14). */
public record Location(double latitude, double longitude) {

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
