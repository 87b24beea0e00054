package io.holdfast.standalone;

import java.io.IOException;
import java.nio.file.Path;

/** The embedded servers as they are inside of Holdfast, in a process that {@link EmbeddedServersIT} can kill. */
final class EmbeddedServersProcess {
    private EmbeddedServersProcess() {}

    /** Prints one line when both servers run; ends in order when its input ends. */
    public static void main(String... arguments) throws IOException {
        try (DataDirectory data = DataDirectory.open(Path.of(arguments[0]));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(
                        data.postgres(), data.logs().resolve("postgresql.log"), data.databasePassword());
                EmbeddedBroker broker = EmbeddedBroker.start(data.broker(), data.logs(), data.newPassword())) {
            System.out.println("up " + postgres.address().url() + " "
                    + postgres.address().password() + " " + postgres.pid() + " " + broker.url());
            while (System.in.read() >= 0) {
                // until the test closes it
            }
        }
    }
}
