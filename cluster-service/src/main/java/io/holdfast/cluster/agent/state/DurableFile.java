package io.holdfast.cluster.agent.state;

import io.holdfast.cluster.agent.AgentRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One small text that survives a power cut: written aside, fsynced, renamed, the directory fsynced. A checksum tells a damaged file,
 * which is an error: a node that forgot its promises could promise the same epoch twice.
 */
public final class DurableFile {

    private static final String FORMAT = "holdfast-state-1";
    private static final int MAX_BYTES = 1 << 20;

    private final Path file;
    private final Path aside;

    /** Makes the file's directory where it is not there. */
    public DurableFile(Path file) {
        this.file = file.toAbsolutePath();
        this.aside = this.file.resolveSibling(this.file.getFileName() + ".new");
        try {
            Path directory = directory();
            Files.createDirectories(directory);
            sync(directory.resolveSibling("."));
        } catch (IOException e) {
            throw new AgentRefused("cannot make the directory of " + file + ": " + e, e);
        }
    }

    /** Empty only where there is no file. Throws {@link AgentRefused} on a damaged one. */
    public Optional<String> read() {
        byte[] bytes;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw damaged("it has more than " + MAX_BYTES + " bytes");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new AgentRefused("cannot read " + file + ": " + e, e);
        }
        String all = new String(bytes, StandardCharsets.UTF_8);
        int end = all.indexOf('\n');
        String[] head = end < 0 ? new String[0] : all.substring(0, end).split(" ", -1);
        if (head.length != 2 || !head[0].equals(FORMAT)) {
            throw damaged("its first line is not \"" + FORMAT + " SHA256\"");
        }
        String content = all.substring(end + 1);
        if (!head[1].equals(sum(content))) {
            throw damaged("its checksum does not fit");
        }
        return Optional.of(content);
    }

    /** Returns after the content is on disk for good. Not for several threads. */
    public void write(String content) {
        byte[] bytes = (FORMAT + " " + sum(content) + "\n" + content).getBytes(StandardCharsets.UTF_8);
        try {
            try (FileChannel channel = FileChannel.open(
                    aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + " for good", e);
        }
    }

    private Path directory() {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private AgentRefused damaged(String what) {
        return new AgentRefused("the node's durable state " + file + " is damaged: " + what
                + ". Starting without it could promise one epoch twice. Either restore the file, or take the node out of the cluster,"
                + " remove its directory and let it join anew: holdfast cluster leave, then holdfast cluster join");
    }

    private static String sum(String content) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
