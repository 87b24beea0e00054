package io.holdfast.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that an option names; {@code -} is standard input. */
final class GivenFile {

    private GivenFile() {}

    /** All of its text. */
    static String read(Path file) throws IOException {
        return isStandardInput(file)
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(file);
    }

    static boolean isStandardInput(Path file) {
        return file.toString().equals("-");
    }
}
