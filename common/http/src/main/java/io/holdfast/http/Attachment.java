package io.holdfast.http;

import java.util.regex.Pattern;

/**
 * How a download is named. Clients of the existing product take all behind {@code filename=} for the name, quotation marks too, so there are
 * none where the name can stand without (RFC 9110, section 5.6.2).
 */
public final class Attachment {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+-]+");

    private Attachment() {}

    /** Value of {@code Content-Disposition}; the name can end neither the text nor the header. */
    public static String named(String filename) {
        String safe = filename.replaceAll("[^A-Za-z0-9._~ +@-]", "_");
        return "attachment; filename=" + (TOKEN.matcher(safe).matches() ? safe : "\"" + safe + "\"");
    }
}
