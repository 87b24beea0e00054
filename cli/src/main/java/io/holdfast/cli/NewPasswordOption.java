package io.holdfast.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A password that is set. Never an argument: other users of the machine could read it. */
final class NewPasswordOption {

    @Option(
            names = "--new-password-file",
            paramLabel = "FILE",
            description =
                    "File whose first line is the password that is set; - reads standard input. Without it you are asked.")
    @Nullable
    Path file;

    /** @param username whose it is, for the question */
    String read(Cli cli, String username) {
        if (file != null) {
            if (GivenFile.isStandardInput(file)
                    && cli.passwordFile != null
                    && GivenFile.isStandardInput(cli.passwordFile)) {
                throw new CliFailure(
                        ExitCode.USAGE, "--password-file and --new-password-file cannot both read standard input");
            }
            return firstLine(file);
        }
        Console console = System.console();
        if (console == null) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "no password for " + username + ": give --new-password-file FILE, or - for standard input");
        }
        char[] password = console.readPassword("New password of %s: ", username);
        char[] again = console.readPassword("The same again: ");
        if (password == null || !Arrays.equals(password, again)) {
            throw new CliFailure(ExitCode.USAGE, "the two passwords differ; nothing was changed");
        }
        return new String(password);
    }

    private static String firstLine(Path file) {
        return GivenFile.read(file, "the password")
                .lines()
                .findFirst()
                .orElseThrow(() -> new CliFailure(ExitCode.USAGE, "there is no password in " + file));
    }
}
