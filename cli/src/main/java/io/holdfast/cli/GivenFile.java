package io.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that an option names; {@code -} is standard input. */
final class GivenFile {

    private GivenFile() {}

    /**
     * All of its text.
     *
     * @param what it holds, for the error
     * @throws CliFailure of wrong usage if it cannot be read
     */
    static String read(Path file, String what) {
        try {
            return isStandardInput(file)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(file);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.USAGE, "cannot read " + what + ", " + file + ": " + why(e), e);
        }
    }

    /** Some errors of files say nothing but the file's name. */
    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "it may not be read by this user";
        }
        if (e instanceof CharacterCodingException) {
            return "it is no text in UTF-8";
        }
        return String.valueOf(e.getMessage());
    }

    /**
     * Where the manager is to fetch a file; null: it is sent from here.
     *
     * @throws CliFailure of wrong usage for a URL that is none
     */
    static @Nullable URI url(String path) {
        if (!path.startsWith("http://") && !path.startsWith("https://")) {
            return null;
        }
        return GivenUrl.of(path);
    }

    /** @throws CliFailure of wrong usage if there is no such file */
    static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CliFailure(ExitCode.USAGE, "no such file: " + file);
        }
        return file;
    }

    /** @throws CliFailure of wrong usage if it cannot be read */
    static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new CliFailure(ExitCode.USAGE, "cannot read " + file + ": " + why(e), e);
        }
    }

    /**
     * For a download, which replaces what is there.
     *
     * @throws CliFailure of wrong usage if something other than a file is there, such as a device
     */
    static void requireReplaceable(Path target) {
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            throw new CliFailure(
                    ExitCode.USAGE, target + " is there, and is no file; name a new file, or one that may be replaced");
        }
    }

    static boolean isStandardInput(Path file) {
        return file.toString().equals("-");
    }
}
