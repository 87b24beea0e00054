package io.holdfast.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server of the bench's own: of the installed programs, with their peers, or else the embedded one without. */
final class BenchServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final @Nullable Path bin;
    private final @Nullable EmbeddedPostgres embedded;
    private final List<String> asUser;
    private final boolean kept;

    private BenchServer(
            Path folder,
            int port,
            @Nullable Path bin,
            @Nullable EmbeddedPostgres embedded,
            List<String> asUser,
            boolean kept) {
        this.folder = folder;
        this.kept = kept;
        this.port = port;
        this.bin = bin;
        this.embedded = embedded;
        this.asUser = List.copyOf(asUser);
    }

    static BenchServer start() throws IOException, InterruptedException {
        return start(Map.of());
    }

    /** @param settings further settings of the server */
    static BenchServer start(Map<String, String> settings) throws IOException, InterruptedException {
        return start(settings, null);
    }

    /**
     * @param settings further settings of the server
     * @param keep a folder whose server this is, made there if it has none, and kept at the end; null: a new one, deleted at the end
     */
    static BenchServer start(Map<String, String> settings, @Nullable Path keep)
            throws IOException, InterruptedException {
        Optional<Path> bin = installed();
        if (keep != null && bin.isEmpty()) {
            throw new IOException("a server can be kept only where PostgreSQL is installed");
        }
        Path folder = keep == null ? Files.createTempDirectory("holdfast-bench") : Files.createDirectories(keep);
        if (bin.isEmpty()) {
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setServerConfig("shared_buffers", "512MB")
                    .setServerConfig("max_wal_size", "8GB");
            settings.forEach(builder::setServerConfig);
            EmbeddedPostgres embedded = builder.start();
            return new BenchServer(folder, embedded.getPort(), null, embedded, List.of(), false);
        }
        List<String> asUser = otherUser(folder);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        BenchServer server = new BenchServer(folder, port, bin.get(), null, asUser, keep != null);
        String data = folder.resolve("data").toString();
        StringBuilder more = new StringBuilder();
        settings.forEach(
                (name, value) -> more.append(" -c ").append(name).append('=').append(value));
        if (!Files.exists(folder.resolve("data").resolve("PG_VERSION"))) {
            server.run(
                    bin.get().resolve("initdb").toString(),
                    "-D",
                    data,
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--lc-collate=C",
                    "--lc-ctype=C.UTF-8",
                    "--no-sync");
        }
        server.run(
                bin.get().resolve("pg_ctl").toString(),
                "-D",
                data,
                "-w",
                "-l",
                folder.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder
                        + " -c shared_buffers=512MB -c max_wal_size=8GB -c wal_level=replica -c max_wal_senders=4"
                        + more,
                "start");
        return server;
    }

    /** Whether pg_dump and pg_basebackup are there. */
    boolean hasPeers() {
        return bin != null;
    }

    String url() {
        return url("postgres");
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Not there if the server is the embedded one. */
    Path postmasterPid() {
        return folder.resolve("data").resolve("postmaster.pid");
    }

    Path folder() {
        return folder;
    }

    /** Runs one of PostgreSQL's client programs against this server. @return its output */
    String client(String program, String... arguments) throws IOException, InterruptedException {
        if (bin == null) {
            throw new IOException(program + " is not installed");
        }
        List<String> command = new ArrayList<>(List.of(
                bin.resolve(program).toString(), "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "postgres"));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
        } else if (bin != null) {
            try {
                run(
                        bin.resolve("pg_ctl").toString(),
                        "-D",
                        folder.resolve("data").toString(),
                        "-m",
                        kept ? "fast" : "immediate",
                        "-w",
                        "stop");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!kept) {
            delete(folder);
        }
    }

    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    static long bytes(Path path) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private String run(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(asUser);
        all.addAll(List.of(command));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(30, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(command[0] + " does not end");
        }
        String text = Files.readString(output);
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": " + text);
        }
        return text;
    }

    /** PostgreSQL refuses to run as root; then it runs as its own user, or as nobody. */
    private static List<String> otherUser(Path folder) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        String user = new ProcessBuilder("id", "postgres")
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0
                ? "postgres"
                : "nobody";
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Process chown =
                new ProcessBuilder("chown", user, folder.toString()).inheritIO().start();
        if (chown.waitFor() != 0) {
            throw new IOException("cannot give " + folder + " to " + user);
        }
        return List.of("runuser", "-u", user, "--");
    }

    private static Optional<Path> installed() throws IOException {
        List<Path> found = new ArrayList<>();
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(debian)) {
                versions.forEach(version -> found.add(version.resolve("bin")));
            }
        }
        found.sort(Comparator.comparing(Path::toString).reversed());
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            found.add(Path.of(directory));
        }
        return found.stream()
                .filter(path -> Stream.of("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore", "pg_basebackup")
                        .allMatch(program -> Files.isExecutable(path.resolve(program))))
                .findFirst();
    }
}
