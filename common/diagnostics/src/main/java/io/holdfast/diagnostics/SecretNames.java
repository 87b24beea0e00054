package io.holdfast.diagnostics;

import java.util.regex.Pattern;

/** Which names stand before a secret. Rather one too many: what is redacted for nothing costs a question, what is not costs a password. */
public final class SecretNames {

    /** As a part of a name, in any case and with any divider. */
    static final String WORDS =
            "pass(?:word|wd|phrase)|pwd|secret|token|credential|salt|(?:api|access|private|encryption|signing|auth|account|shared)[-_.]?key|authorization";

    /** A whole name, or the last part of one. */
    private static final Pattern SECRET =
            Pattern.compile("(?:" + WORDS + ")|(?:^|[-_.\"])key\"?$", Pattern.CASE_INSENSITIVE);

    /** What is said about a secret and is none: how long it is, where it lies. */
    private static final Pattern ABOUT = Pattern.compile(
            "[-_.](?:length|size|parameter|ttl|timeout|interval|lifetime|expiry|expiration|retention|enabled|file|path|location|count|max|min|rounds|cost|type|age)$",
            Pattern.CASE_INSENSITIVE);

    /** Where a shell stands. */
    private static final Pattern DIRECTORY = Pattern.compile("(?:OLD)?PWD", Pattern.CASE_INSENSITIVE);

    private SecretNames() {}

    /** @param name of a setting, variable or field */
    public static boolean isSecret(String name) {
        return SECRET.matcher(name).find()
                && !ABOUT.matcher(name).find()
                && !DIRECTORY.matcher(name).matches();
    }
}
