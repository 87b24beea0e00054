package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the examples of {@code docs/*.md} as they stand: every block without a language whose first line calls {@code ./holdfast}, those
 * of one page in one shell, against a manager that the first page made of the example {@code small-manager}. What starts and stops
 * managers is run elsewhere, and is written in blocks with a language.
 */
class DocumentExamplesE2E {

    /** Needs a fresh manager and leaves the one that the other pages speak of. */
    private static final String FIRST = "importing-cloudify.md";

    @TempDir
    private static Path folder;

    private static Stack stack;

    @BeforeAll
    static void start() throws IOException {
        stack = Stack.start(folder.resolve("data"));
        Path command = folder.resolve("holdfast");
        Files.writeString(command, "#!/bin/sh\nexec '" + Repository.root().resolve("holdfast") + "' \"$@\"\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(folder.resolve("examples"), Repository.root().resolve("examples"));
        Files.move(SmallManager.archive(folder), folder.resolve("cloudify-snapshot.zip"));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyExampleOfThePageWorks(String page) throws IOException, InterruptedException {
        // given
        Path output = folder.resolve(page + ".out");
        ProcessBuilder shell = new ProcessBuilder(
                        "bash", "-euo", "pipefail", "-x", "-c", String.join("\n", examples(page)))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        shell.environment().putAll(stack.environment());
        shell.environment().put("SALT", "a-hash-salt");
        // when
        Process process = shell.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(10, TimeUnit.MINUTES);
        process.destroyForcibly();
        // then
        assertThat(ended && process.exitValue() == 0)
                .as("the examples of docs/%s:%n%s", page, Files.readString(output))
                .isTrue();
    }

    @Test
    void thereArePagesWithExamples() throws IOException {
        assertThat(pages()).contains(FIRST).hasSizeGreaterThan(1);
    }

    static List<String> pages() throws IOException {
        List<String> pages = new ArrayList<>(List.of(FIRST));
        try (Stream<Path> files = Files.list(Repository.root().resolve("docs"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".md") && !name.equals(FIRST))
                    .sorted()
                    .forEach(pages::add);
        }
        pages.removeIf(page -> examples(page).isEmpty());
        return pages;
    }

    private static List<String> examples(String page) {
        List<String> examples = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        String fence = null;
        for (String line : lines(page)) {
            if (!line.startsWith("```")) {
                block.append(line).append('\n');
            } else if (fence == null) {
                fence = line;
                block.setLength(0);
            } else {
                if (fence.equals("```") && block.toString().startsWith("./holdfast ")) {
                    examples.add(block.toString());
                }
                fence = null;
            }
        }
        return examples;
    }

    private static List<String> lines(String page) {
        try {
            return Files.readAllLines(Repository.root().resolve("docs").resolve(page));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
