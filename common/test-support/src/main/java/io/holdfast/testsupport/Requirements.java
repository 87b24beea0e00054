package io.holdfast.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Skips a test with a message that names what this machine lacks, so that a skipped test is never taken for a passed one. */
public final class Requirements {

    private Requirements() {}

    public static void rabbitMq() {
        Assumptions.assumeTrue(
                RabbitMqTestBroker.isInstalled(), "skipped: no rabbitmq-server below /usr/lib/rabbitmq/bin");
    }

    public static void postgres() {
        Assumptions.assumeTrue(
                PostgresServer.isInstalled(), "skipped: no PostgreSQL server below /usr/lib/postgresql or on the PATH");
    }

    /** @param program a command that must be on the PATH */
    public static void program(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String directory : path.split(java.io.File.pathSeparator)) {
            if (!directory.isBlank() && Files.isExecutable(Path.of(directory, program))) {
                return;
            }
        }
        Assumptions.abort("skipped: the program `" + program + "` is not on the PATH");
    }
}
