package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./holdfast up} says and how it ends where it does not come to run. */
class StartAndStopE2E {

    @TempDir
    private Path folder;

    /** Wherever in the start it is met: while PostgreSQL, the broker or the services start. */
    @ParameterizedTest
    @ValueSource(strings = {"run/instance", "broker/initial.json", "broker/port", "logs/holdfast.log"})
    void whatIsToldToEndWhileItStartsSaysThatItHasEndedAndNothingElse(String until) throws Exception {
        Path data = folder.resolve("data");
        Path output = folder.resolve("output");
        Process process = start(output, Map.of(), "up", "--data", data.toString(), "--port", freePort());
        Awaitility.await("the start has come to " + until)
                .atMost(Duration.ofMinutes(10))
                .until(() -> Files.exists(data.resolve(until)) || !process.isAlive());
        process.destroy();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(Files.readString(output)).isEqualTo("Holdfast has ended\n");
        assertThat(data.resolve("run/instance")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "--database, mysql://h/d, it does not begin with jdbc:postgresql://",
        "--database, jdbc:postgresql://127.0.0.1:x/d, its port is 'x'",
        "--broker, amqp://u:p@, it names no host",
        "--port, eighty, --port must be a number from 0 to 65535",
        "--nodes, 0, --nodes must be a number from 1 to 5"
    })
    void anOptionThatCannotBeMeantIsWrongUsageInTheForegroundAndDetached(String option, String value, String words)
            throws Exception {
        for (String mode : List.of("", "--detach")) {
            Path output = folder.resolve("output" + mode);
            List<String> line = new ArrayList<>(
                    List.of("up", "--data", folder.resolve("data").toString(), option, value));
            if (!option.equals("--port")) {
                line.addAll(List.of("--port", freePort()));
            }
            if (!mode.isEmpty()) {
                line.add(mode);
            }
            Process process = start(output, Map.of(), line.toArray(String[]::new));
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(Files.readString(output)).contains(words).doesNotContain("Exception", "u:p");
            assertThat(process.exitValue()).as(mode).isEqualTo(2);
        }
    }

    @Test
    void aDatabaseAndABrokerThatAreAwayAreNamedInWords() throws Exception {
        assertThat(outputOfUpThatFails("--database", "jdbc:postgresql://127.0.0.1:1/d?user=u&password=secret"))
                .contains("nothing listens at jdbc:postgresql://127.0.0.1:1/d yet; waiting for the PostgreSQL")
                .contains("no PostgreSQL answers at jdbc:postgresql://127.0.0.1:1/d (Connection refused); start it, or"
                        + " correct the URL")
                .doesNotContain("Exception", "secret");
        assertThat(outputOfUpThatFails("--broker", "amqp://u:secret@127.0.0.1:1/v"))
                .contains("nothing listens at amqp://127.0.0.1:1/v yet; waiting for the AMQP broker")
                .contains(
                        "no AMQP broker can be used at amqp://u@127.0.0.1:1/v (Connection refused); start it, or correct"
                                + " the URL")
                .doesNotContain("Exception", "secret");
    }

    /** With a patience of a second; the exit code must be 1. */
    private String outputOfUpThatFails(String option, String value) throws Exception {
        Path output = folder.resolve("output");
        Process process = start(
                output,
                Map.of("HOLDFAST_MESSAGING_STARTUP_PATIENCE", "1s"),
                "up",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                freePort(),
                option,
                value);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        return Files.readString(output);
    }

    private static String freePort() {
        return Integer.toString(Stack.freePort());
    }

    private static Process start(Path output, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Repository.root().resolve("holdfast").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}
