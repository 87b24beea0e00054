package io.holdfast.scheduler.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random rules of every part of RFC 5545. {@code -Dholdfast.test.rules=100000 -Dholdfast.test.seed=7} compares more, or others.
 */
class RandomRulesLikeDateutilTest {

    private static final String RULES = "1000";
    private static final String SEED = "20261125";

    @Test
    void rulesOfTheFixtureHaveTheOccurrencesThatDateutilFinds() throws IOException {
        // given
        List<String> lines;
        try (InputStream fixture = getClass().getResourceAsStream("/recurrence/rules.csv")) {
            lines = new String(fixture.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        // when, then
        assertThat(lines).hasSizeGreaterThan(3_000);
        assertThat(DateutilComparison.differences(lines)).isEmpty();
    }

    @Test
    void rulesMadeUpNowHaveTheOccurrencesThatDateutilFinds(@TempDir Path directory) throws Exception {
        // given
        Path script = directory.resolve("rules.py");
        try (InputStream text = getClass().getResourceAsStream("/recurrence/rules.py")) {
            Files.copy(text, script);
        }
        assumeTrue(runs(directory, "python3", "-c", "import dateutil.rrule"), "no python3 with python-dateutil here");
        // when
        boolean made = runs(
                directory,
                "python3",
                script.toString(),
                System.getProperty("holdfast.test.rules", RULES),
                System.getProperty("holdfast.test.seed", SEED),
                "0.1");
        // then
        List<String> lines = Files.readAllLines(directory.resolve("out"));
        assertThat(made).as(Files.readString(directory.resolve("err"))).isTrue();
        assertThat(lines).hasSize(Integer.parseInt(System.getProperty("holdfast.test.rules", RULES)));
        assertThat(DateutilComparison.differences(lines)).isEmpty();
    }

    private static boolean runs(Path directory, String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(directory.resolve("out").toFile())
                            .redirectError(directory.resolve("err").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
