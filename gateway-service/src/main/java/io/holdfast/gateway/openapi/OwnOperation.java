package io.holdfast.gateway.openapi;

import java.util.Arrays;
import java.util.List;

/**
 * One operation of our own API, below {@code /api/holdfast/v1/}. The services have the resources; this is the list of them.
 *
 * @param path with {@code {names}}
 */
public record OwnOperation(String method, String path, String summary) {

    /** @param lines method, path and summary, with blanks between; empty ones and those that begin with {@code #} count for nothing */
    public static List<OwnOperation> read(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(OwnOperation::of)
                .toList();
    }

    private static OwnOperation of(String line) {
        String[] words = line.trim().split("\\s+");
        if (words.length < 3) {
            throw new IllegalArgumentException("an operation needs a method, a path and a summary: " + line);
        }
        return new OwnOperation(
                words[0], words[1], String.join(" ", Arrays.asList(words).subList(2, words.length)));
    }
}
