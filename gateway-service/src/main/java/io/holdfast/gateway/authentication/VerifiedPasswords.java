package io.holdfast.gateway.authentication;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a while which passwords were found right, because finding out is slow on purpose. An entry is bound to the stored hash:
 * whatever changes the hash (a new password, a restore) ends it at once, and no one needs to be told. Holds no passwords, only HMACs of
 * them under a key that lives as long as this object. Thread-safe.
 */
public final class VerifiedPasswords {

    /** Far more than managers have users; reached only by abuse, and then simply emptied. */
    private static final int MAX_ENTRIES = 10_000;

    private final byte[] key;
    private final Duration timeToLive;
    private final Map<String, Instant> expiryByProof = new ConcurrentHashMap<>();

    /** @param key random bytes of this process */
    public VerifiedPasswords(byte[] key, Duration timeToLive) {
        this.key = key.clone();
        this.timeToLive = timeToLive;
    }

    public boolean knows(String storedHash, String managerSalt, String password, Instant now) {
        Instant expiry = expiryByProof.get(proof(storedHash, managerSalt, password));
        return expiry != null && now.isBefore(expiry);
    }

    public void remember(String storedHash, String managerSalt, String password, Instant now) {
        if (expiryByProof.size() >= MAX_ENTRIES) {
            expiryByProof.clear();
        }
        expiryByProof.put(proof(storedHash, managerSalt, password), now.plus(timeToLive));
    }

    private String proof(String storedHash, String managerSalt, String password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (String part : new String[] {storedHash, managerSalt, password}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                mac.update(bytes);
            }
            return Base64.getEncoder().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
