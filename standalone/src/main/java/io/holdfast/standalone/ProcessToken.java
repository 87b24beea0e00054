package io.holdfast.standalone;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells a process from a later one with the same pid. On Linux the boot's id and the start in clock ticks, as in {@code /proc}; elsewhere
 * what {@code ps -o lstart=} prints. The {@code holdfast} script computes the same.
 */
final class ProcessToken {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    /** Field 22 of /proc/PID/stat, counted from the state (field 3), which follows the name's closing parenthesis. */
    private static final int START_TIME_AFTER_NAME = 19;

    private ProcessToken() {}

    static String of(long pid) {
        try {
            if (Files.isReadable(BOOT_ID)) {
                String stat =
                        Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
                String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                return Files.readString(BOOT_ID).strip() + ":" + afterName[START_TIME_AFTER_NAME];
            }
            Process ps = new ProcessBuilder("ps", "-o", "lstart=", "-p", Long.toString(pid)).start();
            return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .replaceAll(" +", " ");
        } catch (IOException e) {
            throw new StartRefused("cannot read the start time of process " + pid + ": " + e, e);
        }
    }
}
