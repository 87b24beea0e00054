package io.holdfast.diagnostics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The ends of log files. */
final class LogFiles {

    private LogFiles() {}

    /** The {@code *.log} files of a directory, by name. Links are left out: they lead elsewhere. */
    static List<Path> in(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.log")) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(entry);
                }
            }
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    /**
     * The end of a log that is rotated to {@code <name>.1}, from the beginning of a line on.
     *
     * @param mostBytes at most as much
     */
    static String end(Path file, int mostBytes) throws IOException {
        Path former = file.resolveSibling(file.getFileName() + ".1");
        byte[] last = tail(file, mostBytes);
        byte[] before = last.length < mostBytes && Files.isRegularFile(former, LinkOption.NOFOLLOW_LINKS)
                ? tail(former, mostBytes - last.length)
                : new byte[0];
        String text = new String(before, StandardCharsets.UTF_8) + new String(last, StandardCharsets.UTF_8);
        boolean cut = before.length + last.length == mostBytes;
        return cut ? text.substring(text.indexOf('\n') + 1) : text;
    }

    private static byte[] tail(Path file, int mostBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long from = Math.max(0, channel.size() - mostBytes);
            ByteBuffer buffer = ByteBuffer.allocate((int) (channel.size() - from));
            while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
                // A file that shrinks meanwhile ends earlier.
            }
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return bytes;
        }
    }
}
