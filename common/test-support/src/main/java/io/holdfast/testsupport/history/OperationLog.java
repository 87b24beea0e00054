package io.holdfast.testsupport.history;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's operations in a file: a line when one starts, before anything is sent, and one when it ends. What has no second line is as
 * unknown as what failed. Safe for several threads.
 */
public final class OperationLog implements Closeable {

    private static final String START = "S";
    private static final String ACKNOWLEDGED = "A";
    private static final String UNKNOWN = "U";

    private final BufferedWriter file;
    private long lastId;

    public OperationLog(Path path) throws IOException {
        this.file = Files.newBufferedWriter(
                path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** @return the operation's number, for its end */
    public synchronized long started(Operation.Kind kind, String key, String value, long startNanos)
            throws IOException {
        long id = ++lastId;
        write(START, Long.toString(id), kind.name(), key, value, Long.toString(startNanos));
        return id;
    }

    public synchronized void acknowledged(long id, long endNanos, long epoch, String server, int length, long hash)
            throws IOException {
        write(
                ACKNOWLEDGED,
                Long.toString(id),
                Long.toString(endNanos),
                Long.toString(epoch),
                server,
                Integer.toString(length),
                Long.toString(hash));
    }

    /** It may or may not have been carried out. */
    public synchronized void unknown(long id, long endNanos, String reason) throws IOException {
        write(UNKNOWN, Long.toString(id), Long.toString(endNanos), reason.replaceAll("\\s+", " "));
    }

    private void write(String... fields) throws IOException {
        file.write(String.join("\t", fields));
        file.newLine();
        file.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    /**
     * All operations of a log, in the order of their starts. A last line that is cut off, because the client was, is left out.
     *
     * @param writer the client's name
     */
    public static List<Operation> read(String writer, Path path) throws IOException {
        Map<String, String[]> starts = new LinkedHashMap<>();
        Map<String, String[]> ends = new LinkedHashMap<>();
        String text = Files.readString(path);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            if (fields[0].equals(START)) {
                starts.put(fields[1], fields);
            } else {
                ends.put(fields[1], fields);
            }
        }
        List<Operation> operations = new ArrayList<>();
        starts.forEach((id, start) -> operations.add(operation(writer, start, ends.get(id))));
        return operations;
    }

    private static Operation operation(String writer, String[] start, String @Nullable [] end) {
        Operation.Kind kind = Operation.Kind.valueOf(start[2]);
        long startNanos = Long.parseLong(start[5]);
        if (end == null || !end[0].equals(ACKNOWLEDGED)) {
            long endNanos = end == null ? Long.MAX_VALUE : Long.parseLong(end[2]);
            return new Operation(writer, kind, start[3], start[4], startNanos, endNanos, false, 0, "", 0, 0);
        }
        return new Operation(
                writer,
                kind,
                start[3],
                start[4],
                startNanos,
                Long.parseLong(end[2]),
                true,
                Long.parseLong(end[3]),
                end[4],
                Integer.parseInt(end[5]),
                Long.parseLong(end[6]));
    }
}
