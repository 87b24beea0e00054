package io.holdfast.inventory.files;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A file below a directory: relative, with slashes, and never outside of it. */
public record FilePath(String text) {

    /** Of this name clients keep their copy of the index, at the top; the directory has none. Source: cloudify_rest_client, resources. */
    public static final String INDEX = ".cloudify-index.json";

    /** As much as a Linux path may have. */
    private static final int MAX_BYTES = 4096;

    /** @throws ManagerException {@code bad_parameters_error} for what leads elsewhere */
    public FilePath {
        String flaw = flaw(text).orElse(null);
        if (flaw != null) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "the path `" + text + "` " + flaw,
                    "name a file by its path below the directory: a/b.txt");
        }
    }

    /** What is wrong with a path; empty: nothing. */
    public static Optional<String> flaw(String text) {
        if (text.isEmpty()) {
            return Optional.of("names no file");
        }
        if (text.startsWith("/")) {
            return Optional.of("is absolute");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("has more than " + MAX_BYTES + " bytes");
        }
        if (text.indexOf('\\') >= 0 || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            return Optional.of("has a backslash or a control character");
        }
        for (String segment : text.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of("has the segment `" + segment + "`");
            }
        }
        return Optional.empty();
    }

    /** What paths below this one begin with, if it is a directory. */
    public String asDirectory() {
        return text + "/";
    }
}
