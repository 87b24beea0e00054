package io.holdfast.testsupport;

import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * The installed RabbitMQ as a private child process: no root, no system service, its own Erlang port mapper, all on loopback. It can be
 * killed, robbed of what it kept, and started again on the same port.
 */
public final class RabbitMqServer implements AutoCloseable {

    private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
    private static final Path CONTROL = SERVER.resolveSibling("rabbitmqctl");

    /** A cold Erlang start on a busy machine; usually three to five seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path work = TestFiles.directory("rabbitmq");
    private final int port = TestFiles.freePort();
    private final int distributionPort = TestFiles.freePort();
    private final int mapperPort = TestFiles.freePort();
    private final int managementPort;
    private final Thread onExit = new Thread(this::end, "rabbitmq-stop");
    private Process process;

    /** @param managed with the management plugin, which takes longer to start and more memory */
    private RabbitMqServer(boolean managed) {
        managementPort = managed ? TestFiles.freePort() : 0;
        try {
            Files.writeString(
                    work.resolve("rabbitmq.conf"),
                    """
                    listeners.tcp.1 = 127.0.0.1:%d
                    loopback_users.guest = true
                    disk_free_limit.absolute = 50MB
                    """.formatted(port) + (managed ? """
                        management.tcp.port = %d
                        management.tcp.ip = 127.0.0.1
                        """.formatted(managementPort) : ""));
            Files.writeString(work.resolve("enabled_plugins"), managed ? "[rabbitmq_management].\n" : "[].\n");
            Path cookie = Files.writeString(work.resolve(".erlang.cookie"), "holdfast-test-" + port);
            Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
            this.process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException("the private RabbitMQ does not start", e);
        }
    }

    public static boolean isInstalled() {
        return Files.isExecutable(SERVER);
    }

    /** Starts a new, empty one and waits until it answers. */
    public static RabbitMqServer start() {
        return start(false);
    }

    /** As {@link #start}, with the management plugin. */
    public static RabbitMqServer startManaged() {
        return start(true);
    }

    private static RabbitMqServer start(boolean managed) {
        RabbitMqServer broker = new RabbitMqServer(managed);
        Runtime.getRuntime().addShutdownHook(broker.onExit);
        broker.awaitReady();
        return broker;
    }

    /** {@code amqp://guest:guest@127.0.0.1:port/%2F}. */
    public String url() {
        return "amqp://guest:guest@127.0.0.1:" + port + "/%2F";
    }

    /** Where the management plugin listens; only after {@link #startManaged}. */
    public String managementUrl() {
        if (managementPort == 0) {
            throw new IllegalStateException("this broker runs without the management plugin");
        }
        return "http://127.0.0.1:" + managementPort;
    }

    /** Ends it in good order; the data stay. */
    public void stop() {
        List<ProcessHandle> tree = tree();
        process.destroy();
        tree.forEach(ProcessHandle::destroy);
        awaitEnd(tree);
    }

    /** Ends all of its processes with SIGKILL, as a power failure would; the data stay. */
    public void kill() {
        List<ProcessHandle> tree = tree();
        tree.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitEnd(tree);
    }

    /** Throws away all that the stopped server kept: queues, messages, users. */
    public void wipe() {
        if (process.isAlive()) {
            throw new IllegalStateException("the broker still runs");
        }
        TestFiles.delete(work.resolve("mnesia"));
    }

    /** Starts the stopped server again on its port, with the data that it finds, and waits until it answers. */
    public void startAgain() {
        launchAgain();
        awaitReady();
    }

    /** As {@link #startAgain} without waiting. */
    public void launchAgain() {
        if (process.isAlive()) {
            throw new IllegalStateException("the broker still runs");
        }
        try {
            process = launch();
        } catch (IOException e) {
            throw new UncheckedIOException("the private RabbitMQ does not start again", e);
        }
    }

    /** Waits until it takes connections. */
    public void awaitReady() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        Awaitility.await("a private RabbitMQ; its log is below " + work)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    factory.newConnection().close();
                    return true;
                });
    }

    /** Runs {@code rabbitmqctl} on it and answers what it printed. */
    public String control(String... arguments) {
        List<String> command = new ArrayList<>(List.of(CONTROL.toString(), "--quiet"));
        command.addAll(List.of(arguments));
        try {
            Process control = builder(command, work.resolve("control.log")).start();
            control.getOutputStream().close();
            if (!control.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                control.destroyForcibly();
                throw new IllegalStateException(command + " did not end within " + PATIENCE);
            }
            String said = Files.readString(work.resolve("control.log"));
            Files.delete(work.resolve("control.log"));
            if (control.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(command + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Process launch() throws IOException {
        return builder(List.of(SERVER.toString()), work.resolve("console.log")).start();
    }

    private ProcessBuilder builder(List<String> command, Path output) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(work.toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        Map<String, String> environment = builder.environment();
        environment.put("HOME", work.toString());
        environment.put("RABBITMQ_NODENAME", "holdfast-test-" + port + "@localhost");
        environment.put("RABBITMQ_NODE_PORT", String.valueOf(port));
        environment.put("RABBITMQ_DIST_PORT", String.valueOf(distributionPort));
        environment.put("RABBITMQ_MNESIA_BASE", work.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", work.resolve("log").toString());
        environment.put("RABBITMQ_PID_FILE", work.resolve("pid").toString());
        environment.put("RABBITMQ_CONFIG_FILE", work.resolve("rabbitmq.conf").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", work.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        environment.put("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}");
        environment.put("ERL_EPMD_PORT", String.valueOf(mapperPort));
        environment.put("ERL_EPMD_ADDRESS", "127.0.0.1");
        return builder;
    }

    /** The script's children, too: the next start needs the old {@code beam.smp} gone, not only the script. */
    private List<ProcessHandle> tree() {
        return new ArrayList<>(process.descendants().toList());
    }

    private void awaitEnd(List<ProcessHandle> tree) {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        for (ProcessHandle child : tree) {
            child.onExit()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .exceptionally(late -> {
                        child.destroyForcibly();
                        return child;
                    })
                    .join();
        }
    }

    /** The port mapper is a daemon that outlives its node: it is asked to end over its own protocol ({@code KILL_REQ}, 107). */
    private void endMapper() {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), mapperPort)) {
            socket.getOutputStream().write(new byte[] {0, 1, 107});
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            System.getLogger(RabbitMqServer.class.getName())
                    .log(System.Logger.Level.DEBUG, "no port mapper on " + mapperPort, e);
        }
    }

    /** Nobody needs its data any more, and an end in good order can take longer than a JVM's exit may. */
    private void end() {
        kill();
        endMapper();
        TestFiles.delete(work);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        end();
    }
}
