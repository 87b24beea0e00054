package io.holdfast.gateway.authentication;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request brings to prove who calls. All may be absent. */
public record Credentials(
        @Nullable String authorization,
        @Nullable String authenticationToken,
        @Nullable String executionToken) {

    private static final String BASIC = "basic ";

    /** A name and a password out of {@code Authorization: Basic}. */
    public record NameAndPassword(String username, String password) {
        /** Without the password: it must not reach a log. */
        @Override
        public String toString() {
            return "NameAndPassword[username=" + username + "]";
        }
    }

    /** Empty where there is none, it cannot be read, or the name does not begin with an ASCII letter: all as if nothing were sent. */
    public Optional<NameAndPassword> basic() {
        if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).trim());
            String text = new String(decoded, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon < 1 || !isLetter(text.charAt(0))) {
                return Optional.empty();
            }
            String username = text.substring(0, colon);
            // No user has such a name, and the database refuses to be asked.
            return username.indexOf('\0') >= 0
                    ? Optional.empty()
                    : Optional.of(new NameAndPassword(username, text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** Without any secret: it must not reach a log. */
    @Override
    public String toString() {
        return "Credentials[]";
    }
}
