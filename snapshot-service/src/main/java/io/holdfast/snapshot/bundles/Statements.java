package io.holdfast.snapshot.bundles;

import java.util.regex.Pattern;

/** SQL statements as people may see them. */
public final class Statements {

    /** Also those that are cut off, as PostgreSQL does with long statements. */
    private static final Pattern LITERALS = Pattern.compile(
            "'(?:[^'\\\\]|''|\\\\.)*+(?:'|\\\\?\\z)" // 'text', E'text'
                    + "|\\$(\\w*)\\$.*?(?:\\$\\1\\$|\\z)" // $tag$text$tag$
                    + "|(?<![\\w$])\\d+(?:\\.\\d+)?", // 42, but not $1 or t42
            Pattern.DOTALL);

    private Statements() {}

    /** The statement with a question mark for each value in it. */
    public static String withoutValues(String statement) {
        return LITERALS.matcher(statement).replaceAll("?");
    }
}
