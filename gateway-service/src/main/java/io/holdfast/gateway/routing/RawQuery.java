package io.holdfast.gateway.routing;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request's query as it came over the wire, made fit for strict parsers: what may not stand in a query is percent-encoded. */
public final class RawQuery {

    private static final String ALLOWED = "-._~!$&'()*+,;=:@/?";

    private static final Pattern ALL_TENANTS = Pattern.compile("(^|&)_all_tenants=true(&|$)", Pattern.CASE_INSENSITIVE);

    private RawQuery() {}

    /** The part of a URL after the path: empty, or a question mark and the query. */
    public static String suffix(@Nullable String query) {
        return query == null ? "" : "?" + clean(query);
    }

    /** Whether a list over all tenants is asked for. */
    public static boolean asksForAllTenants(@Nullable String query) {
        return query != null && ALL_TENANTS.matcher(query).find();
    }

    static String clean(String query) {
        StringBuilder clean = new StringBuilder(query.length());
        byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean escape = c == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2]);
            if (escape || (c < 0x80 && Character.isLetterOrDigit(c)) || ALLOWED.indexOf(c) >= 0) {
                clean.append(c);
            } else {
                clean.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
            }
        }
        return clean.toString();
    }

    private static boolean isHex(byte b) {
        return Character.digit(b, 16) >= 0;
    }
}
