package io.holdfast.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.holdfast.contracts.keys.MasterKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs who is calling, and checks it: HMAC-SHA256 over identity, method and raw path (without the query), so that a signature fits one
 * resource only and, for want of a fresh time, nothing for longer than {@link #MAX_AGE}. Thread-safe.
 */
public final class IdentitySigner {

    /** Header with the identity: base64url of its JSON. */
    public static final String IDENTITY_HEADER = "Holdfast-Identity";

    /** Header with the signature: base64url of the HMAC. */
    public static final String SIGNATURE_HEADER = "Holdfast-Signature";

    /** How long a signature holds, and how far ahead another machine's clock may be. Uploads are checked when they begin. */
    public static final Duration MAX_AGE = Duration.ofMinutes(5);

    private static final String PURPOSE = "holdfast internal identity v1";
    private static final String HMAC = "HmacSHA256";

    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final byte[] key;
    private final Clock clock;

    public IdentitySigner(MasterKey masterKey, Clock clock) {
        this.key = masterKey.derive(PURPOSE);
        this.clock = clock;
    }

    /** The two header values of one request. */
    public record Headers(String identity, String signature) {}

    /**
     * @param method as it goes on the wire, upper case
     * @param rawPath the path as it goes on the wire: encoded, beginning with a slash, without query
     */
    public Headers sign(CallerIdentity caller, String method, String rawPath) {
        try {
            String identity = encode(JSON.writeValueAsBytes(caller));
            return new Headers(identity, encode(signature(identity, method, rawPath)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an identity is always JSON", e);
        }
    }

    /** Signs with the present time, whatever time the identity carries. */
    public Headers signNow(CallerIdentity caller, String method, String rawPath) {
        return sign(caller.at(clock.instant()), method, rawPath);
    }

    /** The caller if both headers are there, the signature fits this method and path, and it is not older than {@link #MAX_AGE}. */
    public Optional<CallerIdentity> verify(
            @Nullable String identity, @Nullable String signature, String method, String rawPath) {
        if (identity == null || signature == null) {
            return Optional.empty();
        }
        try {
            byte[] given = Base64.getUrlDecoder().decode(signature);
            if (!MessageDigest.isEqual(given, signature(identity, method, rawPath))) {
                return Optional.empty();
            }
            CallerIdentity caller = JSON.readValue(Base64.getUrlDecoder().decode(identity), CallerIdentity.class);
            return isFresh(caller.issuedAt()) ? Optional.of(caller) : Optional.empty();
        } catch (IllegalArgumentException | IOException e) {
            return Optional.empty();
        }
    }

    private boolean isFresh(Instant issuedAt) {
        return Duration.between(issuedAt, clock.instant()).abs().compareTo(MAX_AGE) <= 0;
    }

    private byte[] signature(String identity, String method, String rawPath) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal((identity + "\n" + method + "\n" + rawPath).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
