package io.holdfast.http;

import io.holdfast.contracts.errors.ManagerException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a process of ours could not start. */
public final class StartFailure {

    /** As Quarkus tells of each setting that has no value. */
    private static final Pattern UNSET = Pattern.compile("Failed to load config value of type class \\S+ for: (\\S+)");

    private StartFailure() {}

    /** On one line: what a service of ours says of it, with what to do next, else the first cause. */
    public static String inWords(Throwable failure) {
        Throwable root = failure;
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ManagerException said) {
                return onOneLine(said.detail() + (said.hint() == null ? "" : "; " + said.hint()));
            }
            root = cause;
        }
        List<String> unset = UNSET.matcher(root.toString())
                .results()
                .map(match -> match.group(1))
                .distinct()
                .sorted()
                .toList();
        return unset.isEmpty()
                ? onOneLine(root.toString())
                : "there is no value for " + String.join(", ", unset) + "; set in the environment "
                        + unset.stream().map(StartFailure::variable).collect(Collectors.joining(", "))
                        + ", as docs/configuration.md says";
    }

    private static String variable(String setting) {
        return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static String onOneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
