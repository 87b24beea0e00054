package io.holdfast.testsupport.faults;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the system's programs and sends signals. */
public final class Commands {

    private static final long SECONDS = 60;

    private Commands() {}

    /** @throws IOException if it cannot be started, does not end within a minute or ends with another code than 0: with its output */
    public static String run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("holdfast-command", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command)
                        + (ended ? " ended with " + process.exitValue() : " did not end within " + SECONDS + " s")
                        + ": " + text.strip());
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    public static String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    /** @return whether it could be started and ended with 0 */
    static boolean works(String... command) throws InterruptedException {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false; // what it said is of no use: the caller names what is missing
        }
    }

    /** What has ended meanwhile is no error. @param signal as STOP, CONT, KILL */
    public static void signal(String signal, List<Long> pids) throws IOException, InterruptedException {
        if (!pids.isEmpty()) {
            run(
                    "sh",
                    "-c",
                    "for pid in $1; do kill -" + signal + " $pid 2>/dev/null; done; true",
                    "signal",
                    pids.stream().map(String::valueOf).collect(Collectors.joining(" ")));
        }
    }

    /** The {@code java} that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where these classes come from: what a small process of our own needs, however this one was started. */
    static String classPath(Class<?>... classes) {
        return Stream.of(classes)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Its name and arguments, divided by blanks; empty if it has ended. */
    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"))
                    .replace('\0', ' ')
                    .strip();
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }
}
