package io.holdfast.cluster.postgres.server;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs to its end, with a bound in time and its output kept. */
record Command(List<String> words, Map<String, String> environment) {

    Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    static Command of(String... words) {
        return new Command(List.of(words), Map.of());
    }

    Command with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new Command(words, more);
    }

    /** @param output standard output and standard error together */
    record Result(List<String> words, int exitCode, String output) {

        boolean ok() {
            return exitCode == 0;
        }

        /** The output of a program that succeeded. */
        String orThrow() {
            if (!ok()) {
                throw new ManagerException(
                        ErrorCode.INTERNAL_SERVER,
                        Path.of(words.get(0)).getFileName() + " ended with " + exitCode + ": " + tail(output),
                        "the whole command was: " + String.join(" ", words));
            }
            return output;
        }
    }

    /** @param limit after which it is killed */
    Result run(Duration limit) {
        Path output = temporaryFile();
        try {
            Process process = builder(words, environment)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new ManagerException(
                        ErrorCode.INTERNAL_SERVER,
                        Path.of(words.get(0)).getFileName() + " has not ended within " + limit + "; it said: "
                                + tail(Files.readString(output, StandardCharsets.UTF_8)),
                        null);
            }
            return new Result(
                    words, process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INTERNAL_SERVER, "cannot run " + words.get(0) + ": " + e, null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ManagerException(
                    ErrorCode.INTERNAL_SERVER, "interrupted while " + words.get(0) + " ran", null, e);
        } finally {
            delete(output);
        }
    }

    /** Without what a shell of the operator says about PostgreSQL and languages. */
    static ProcessBuilder builder(List<String> words, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .directory(Path.of("/").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        return builder;
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("holdfast-", ".out");
        } catch (IOException e) {
            throw new ManagerException(ErrorCode.INSUFFICIENT_STORAGE, "cannot make a temporary file: " + e, null, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.getLogger(Command.class.getName()).log(System.Logger.Level.DEBUG, "left " + file, e);
        }
    }

    static String tail(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
    }
}
