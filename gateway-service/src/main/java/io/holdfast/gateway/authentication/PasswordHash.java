package io.holdfast.gateway.authentication;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stored password: {@code $pbkdf2-sha256$rounds$salt$digest}, over base64(HMAC-SHA512(key = the manager's salt, password)). Salt and
 * digest are in base64 without padding and with {@code .} for {@code +}. Source: cloudify-snapshot-format section 6.
 *
 * @param rounds of PBKDF2; a hash says its own, so that hashes of other managers stay valid
 */
public record PasswordHash(int rounds, byte[] salt, byte[] digest) {

    /** More than the 29000 of the hashes that managers have carried so far, yet some 60 ms: verified credentials are remembered. */
    public static final int ROUNDS_OF_NEW = 100_000;

    /** Bytes of the salt of a new hash. */
    public static final int SALT_BYTES = 16;

    private static final String PREFIX = "$pbkdf2-sha256$";

    public PasswordHash {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be positive: " + rounds);
        }
        salt = salt.clone();
        digest = digest.clone();
    }

    /** Empty where the text is not such a hash, for example the fake ones of test data. */
    public static Optional<PasswordHash> parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (!text.startsWith(PREFIX) || parts.length != 5) {
            return Optional.empty();
        }
        try {
            byte[] salt = decode(parts[3]);
            byte[] digest = decode(parts[4]);
            int rounds = Integer.parseInt(parts[2]);
            return rounds < 1 || salt.length == 0 || digest.length != 32
                    ? Optional.empty()
                    : Optional.of(new PasswordHash(rounds, salt, digest));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * @param managerSalt keys the HMAC; kept beside the hash, because a restore brings hashes of other managers
     * @param randomSalt fresh random bytes, {@link #SALT_BYTES} of them
     */
    public static PasswordHash of(String password, String managerSalt, byte[] randomSalt, int rounds) {
        return new PasswordHash(rounds, randomSalt, derive(password, managerSalt, randomSalt, rounds));
    }

    /** Takes the same time for every wrong password. */
    public boolean fits(String password, String managerSalt) {
        return MessageDigest.isEqual(digest, derive(password, managerSalt, salt, rounds));
    }

    /** As it is stored. */
    public String text() {
        return PREFIX + rounds + "$" + encode(salt) + "$" + encode(digest);
    }

    private static byte[] derive(String password, String managerSalt, byte[] salt, int rounds) {
        try {
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(managerSalt.getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
            String hashed = Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
            PBEKeySpec spec = new PBEKeySpec(hashed.toCharArray(), salt, rounds, 256);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has PBKDF2 and HMAC", e);
        }
    }

    private static byte[] decode(String adapted) {
        return Base64.getDecoder().decode(adapted.replace('.', '+'));
    }

    private static String encode(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes).replace('+', '.');
    }

    @Override
    public byte[] salt() {
        return salt.clone();
    }

    @Override
    public byte[] digest() {
        return digest.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PasswordHash that
                && rounds == that.rounds
                && MessageDigest.isEqual(salt, that.salt)
                && MessageDigest.isEqual(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Objects.hash(rounds, new String(salt, StandardCharsets.ISO_8859_1));
    }

    /** Without the digest: it must not reach a log. */
    @Override
    public String toString() {
        return "PasswordHash[rounds=" + rounds + "]";
    }
}
