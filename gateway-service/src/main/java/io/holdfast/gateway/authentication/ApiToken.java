package io.holdfast.gateway.authentication;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a token as its owner sends it: {@code ctok-<id>-<secret>}. Source: cloudify-api section 1.3. */
public record ApiToken(String id, String secret) {

    /** Characters of a new id and a new secret. */
    public static final int ID_LENGTH = 10;

    public static final int SECRET_LENGTH = 40;

    private static final Pattern SHAPE = Pattern.compile("ctok-([A-Za-z0-9]{10})-([A-Za-z0-9]{40})");

    /** Empty where the text does not have a token's shape. */
    public static Optional<ApiToken> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        return matcher.matches() ? Optional.of(new ApiToken(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** Takes the same time for every wrong secret. */
    public boolean fits(String storedHash) {
        return MessageDigest.isEqual(
                secretHash().getBytes(StandardCharsets.US_ASCII), storedHash.getBytes(StandardCharsets.US_ASCII));
    }

    /** What is stored of the secret: hex SHA-256. It is 40 random characters, so a slow hash would add nothing. */
    public String secretHash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The whole text, shown once. */
    public String value() {
        return "ctok-" + id + "-" + secret;
    }

    /** Without the secret: it must not reach a log. */
    @Override
    public String toString() {
        return "ApiToken[id=" + id + "]";
    }
}
