package io.holdfast.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
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
        String wrong;
        try {
            URI url = new URI(path);
            if (url.getHost() != null) {
                return url;
            }
            wrong = "it names no host";
        } catch (URISyntaxException e) {
            wrong = e.getIndex() < 0 ? e.getReason() : e.getReason() + " at character " + (e.getIndex() + 1);
        }
        throw new CliFailure(ExitCode.USAGE, "'" + path + "' is no URL: " + wrong + "; expected http(s)://HOST/PATH");
    }

    /** @throws CliFailure of wrong usage if there is no such file */
    static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new CliFailure(ExitCode.USAGE, "no such file: " + file);
        }
        return file;
    }

    static boolean isStandardInput(Path file) {
        return file.toString().equals("-");
    }
}
