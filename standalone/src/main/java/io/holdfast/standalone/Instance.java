package io.holdfast.standalone;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code DATA/run/instance} tells of the running process, for {@code ./holdfast down} and {@code status}: lines of
 * {@code key=value}, no secrets.
 *
 * @param state {@code starting} or {@code ready}
 * @param token see {@link ProcessToken}
 */
record Instance(String state, long pid, String token, int port, Instant startedAt, String database, String broker) {
    static final String FILE = "run/instance";

    Instance ready() {
        return new Instance("ready", pid, token, port, startedAt, database, broker);
    }

    String asText() {
        Map<String, Object> lines = new TreeMap<>();
        lines.put("state", state);
        lines.put("pid", pid);
        lines.put("token", token);
        lines.put("port", port);
        lines.put("started", startedAt.getEpochSecond());
        lines.put("database", database);
        lines.put("broker", broker);
        return lines.entrySet().stream()
                .map(line -> line.getKey() + "=" + line.getValue())
                .collect(Collectors.joining("\n"));
    }
}
