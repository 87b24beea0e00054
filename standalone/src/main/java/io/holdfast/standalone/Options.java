package io.holdfast.standalone;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} was told. A flag goes before the environment variable of the same meaning.
 *
 * @param data data directory, absolute
 * @param port HTTP port on the loopback interface; 0 takes a free one
 * @param databaseUrl JDBC URL of an outside PostgreSQL; null starts the embedded one
 * @param brokerUrl AMQP URL of an outside broker; null starts the embedded one
 */
record Options(
        Path data,
        int port,
        @Nullable String databaseUrl,
        @Nullable String brokerUrl) {
    static final int DEFAULT_PORT = 8080;

    Options {
        data = data.toAbsolutePath().normalize();
        if (port < 0 || port > 65535) {
            throw StartRefused.ofUsage("--port must be a number from 0 to 65535, not " + port);
        }
    }

    /**
     * @param environment the process's environment variables
     * @throws StartRefused as wrong usage
     */
    static Options parse(List<String> arguments, Map<String, String> environment) {
        Path data = Optional.ofNullable(environment.get("HOLDFAST_DATA"))
                .map(Path::of)
                .orElseGet(() -> defaultData(environment));
        int port = DEFAULT_PORT;
        @Nullable String database = environment.get("HOLDFAST_DATABASE_URL");
        @Nullable String broker = environment.get("HOLDFAST_BROKER_URL");

        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            int equals = argument.indexOf('=');
            String flag = equals < 0 ? argument : argument.substring(0, equals);
            if (equals >= 0) {
                rest.push(argument.substring(equals + 1));
            }
            switch (flag) {
                case "--data" -> data = Path.of(value(flag, rest));
                case "--port" -> port = portNumber(value(flag, rest));
                case "--database" -> database = value(flag, rest);
                case "--broker" -> broker = value(flag, rest);
                default -> throw StartRefused.ofUsage("unknown option " + argument + "; see ./holdfast up --help");
            }
        }
        if (database != null) {
            DatabaseAddress.parse(database, environment);
        }
        if (broker != null) {
            BrokerUrl.check(broker);
        }
        return new Options(data, port, database, broker);
    }

    private static Path defaultData(Map<String, String> environment) {
        @Nullable String state = environment.get("XDG_STATE_HOME");
        Path base = state != null && !state.isBlank()
                ? Path.of(state)
                : Path.of(System.getProperty("user.home"), ".local", "state");
        return base.resolve("holdfast");
    }

    private static String value(String flag, Deque<String> rest) {
        @Nullable String value = rest.poll();
        if (value == null || value.isBlank()) {
            throw StartRefused.ofUsage(flag + " needs a value; see ./holdfast up --help");
        }
        return value;
    }

    private static int portNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw StartRefused.ofUsage("--port must be a number from 0 to 65535, not " + text);
        }
    }
}
