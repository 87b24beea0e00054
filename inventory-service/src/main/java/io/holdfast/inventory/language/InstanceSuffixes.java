package io.holdfast.inventory.language;

import java.security.SecureRandom;

/** What makes the ids of node instances different: {@code web_x7k2m9}. Thread-safe. */
public final class InstanceSuffixes {

    private static final String CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 6;

    private final SecureRandom random = new SecureRandom();

    /** A random one; it may have been given out before. */
    public String next() {
        StringBuilder suffix = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            suffix.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return suffix.toString();
    }
}
