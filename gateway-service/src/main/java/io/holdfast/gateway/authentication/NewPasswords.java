package io.holdfast.gateway.authentication;

import java.security.SecureRandom;

/** Hashes new passwords with one manager's salt. */
public final class NewPasswords {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int MANAGER_SALT_LENGTH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String managerSalt;

    private NewPasswords(String managerSalt) {
        this.managerSalt = managerSalt;
    }

    /** For a new manager. */
    public static NewPasswords withFreshSalt() {
        return new NewPasswords(randomText(MANAGER_SALT_LENGTH));
    }

    /** For a manager that has a salt. */
    public static NewPasswords withSalt(String managerSalt) {
        return new NewPasswords(managerSalt);
    }

    /** Random letters and digits, fit for secrets. */
    public static String randomText(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    public String managerSalt() {
        return managerSalt;
    }

    public PasswordHash hash(String password) {
        byte[] salt = new byte[PasswordHash.SALT_BYTES];
        RANDOM.nextBytes(salt);
        return PasswordHash.of(password, managerSalt, salt, PasswordHash.ROUNDS_OF_NEW);
    }
}
