package io.holdfast.cluster.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The signature of an HTTP operation, in one header: {@code Holdfast-Signature: t=SECONDS,n=NONCE,s=HEX}. Signed are, each on a line of
 * its own: method, path with query, seconds, nonce, SHA-256 of the body in hexadecimal. The key is the HMAC-SHA256 of {@code operations}
 * under the cluster's secret.
 */
public final class RequestSignature {

    /** The header's name. */
    public static final String HEADER = "Holdfast-Signature";

    /** How far the clocks of sender and receiver may be apart; a signature is remembered for twice that. */
    public static final Duration TOLERANCE = Duration.ofMinutes(2);

    private static final Pattern FORM = Pattern.compile("t=(\\d{1,12}),n=([0-9a-f]{16,64}),s=([0-9a-f]{64})");
    private static final int MAX_REMEMBERED = 100_000;

    private final ClusterKey.Signer signer;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> used = new LinkedHashMap<>();

    public RequestSignature(ClusterKey key, Clock clock) {
        this.signer = key.signer("operations");
        this.clock = clock;
    }

    /** The header's value for a request. @param path with the query, as in the request line */
    public String sign(String method, String path, byte[] body) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String seconds = Long.toString(clock.instant().getEpochSecond());
        String nonce = HexFormat.of().formatHex(bytes);
        byte[] signature = signer.sign(text(method, path, seconds, nonce, body));
        return "t=" + seconds + ",n=" + nonce + ",s=" + HexFormat.of().formatHex(signature);
    }

    /** What is wrong with a request's signature; empty if nothing is. Takes each signature once. */
    public synchronized Optional<String> refusal(String method, String path, byte[] body, String header) {
        Matcher matcher = FORM.matcher(header);
        if (!matcher.matches()) {
            return Optional.of("the header " + HEADER + " is not of the form t=SECONDS,n=NONCE,s=HEX");
        }
        String seconds = matcher.group(1);
        String nonce = matcher.group(2);
        if (!signer.isSigned(
                text(method, path, seconds, nonce, body), HexFormat.of().parseHex(matcher.group(3)))) {
            return Optional.of("the request is not signed with this cluster's key");
        }
        long now = clock.instant().getEpochSecond();
        long apart = Math.abs(now - Long.parseLong(seconds));
        if (apart > TOLERANCE.toSeconds()) {
            return Optional.of(
                    "the signature is of a clock that is " + apart + " s apart from this node's, expected at most "
                            + TOLERANCE.toSeconds() + " s: set the clocks, or sign anew");
        }
        used.values().removeIf(until -> until < now);
        if (used.size() >= MAX_REMEMBERED) {
            return Optional.of("too many operations within " + 2 * TOLERANCE.toSeconds() + " s; try again later");
        }
        if (used.putIfAbsent(nonce, now + 2 * TOLERANCE.toSeconds()) != null) {
            return Optional.of("the signature was used before");
        }
        return Optional.empty();
    }

    private static byte[] text(String method, String path, String seconds, String nonce, byte[] body) {
        return String.join("\n", method, path, seconds, nonce, sha256(body)).getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
