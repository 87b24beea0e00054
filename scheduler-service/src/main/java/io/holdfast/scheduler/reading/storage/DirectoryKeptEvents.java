package io.holdfast.scheduler.reading.storage;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.reading.app.KeptEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A file of JSON lines for each deletion, named for the tenant, the deployment and the time. */
@ApplicationScoped
class DirectoryKeptEvents implements KeptEvents {

    private static final int LONGEST_NAME = 80;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Optional<Path> directory;
    private final Clock clock;

    DirectoryKeptEvents(
            EventFilesConfig config, @ConfigProperty(name = "holdfast.data") Optional<Path> data, Clock clock) {
        this.directory = config.directory().or(() -> data.map(folder -> folder.resolve("deleted-events")));
        this.clock = clock;
    }

    @Override
    public KeptFile begin(String tenantName, String deploymentId) {
        Path folder = directory.orElseThrow(() -> new ManagerException(
                ErrorCode.BAD_PARAMETERS,
                "store_before is true, but this manager has no directory for the events that it deletes",
                "set holdfast.data or holdfast.scheduler.deleted-events.directory"));
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            String name = named(tenantName) + "_" + named(deploymentId) + "_" + TIME.format(clock.instant()) + ".jsonl";
            return new JsonLines(folder.resolve(name));
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    /** An id may hold anything that fits into a query. */
    private static String named(String id) {
        String legal = id.replaceAll("[^A-Za-z0-9.-]", "-");
        return legal.length() > LONGEST_NAME ? legal.substring(0, LONGEST_NAME) : legal;
    }

    private static ManagerException unwritable(Path path, IOException cause) {
        return new ManagerException(
                ErrorCode.INTERNAL_SERVER,
                "the events could not be written to " + path + ", so none was deleted: " + cause.getMessage(),
                "is there space, and may the manager write there?",
                cause);
    }

    private static final class JsonLines implements KeptFile {

        private final Path path;
        private final Path part;
        private final FileChannel channel;
        private final BufferedWriter writer;
        private boolean any;

        JsonLines(Path path) throws IOException {
            this.path = path;
            this.part = path.resolveSibling(path.getFileName() + ".part");
            this.channel = FileChannel.open(
                    part,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
        }

        @Override
        public void add(String json) {
            try {
                writer.write(json);
                writer.write('\n');
                any = true;
            } catch (IOException e) {
                throw unwritable(path, e);
            }
        }

        @Override
        public void complete() {
            try {
                writer.flush();
                channel.force(true);
                if (any) {
                    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
                    try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
                        folder.force(true);
                    }
                }
            } catch (IOException e) {
                throw unwritable(path, e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
                Files.deleteIfExists(part);
            } catch (IOException e) {
                throw unwritable(path, e);
            }
        }
    }
}
