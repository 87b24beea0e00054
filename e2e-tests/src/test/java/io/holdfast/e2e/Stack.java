package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One running Holdfast with a data folder of its own, started by {@code ./holdfast up --detach}. Closing it stops it. */
final class Stack implements AutoCloseable {

    private static final String PASSWORD = "e2e-password";

    private final Path data;
    private final int port;
    private final List<String> serverOptions;
    private final Map<String, String> environment;

    private Stack(Path data, int port, List<String> serverOptions, Map<String, String> environment) {
        this.data = data;
        this.port = port;
        this.serverOptions = List.copyOf(serverOptions);
        this.environment = Map.copyOf(environment);
    }

    /** Starts a fresh stack and waits until it is ready. */
    static Stack start(Path data) {
        return start(data, List.of(), Map.of());
    }

    /**
     * As {@link #start(Path)} on servers of the test's own.
     *
     * @param serverOptions {@code --database URL}, {@code --broker URL}
     * @param environment further variables of {@code ./holdfast up}
     */
    static Stack start(Path data, List<String> serverOptions, Map<String, String> environment) {
        Stack stack = new Stack(data, freePort(), serverOptions, environment);
        stack.up();
        return stack;
    }

    /** Starts it (again) on its data folder and waits until it is ready. */
    void up() {
        List<String> arguments =
                new ArrayList<>(List.of("up", "--detach", "--data", data.toString(), "--port", Integer.toString(port)));
        arguments.addAll(serverOptions);
        Result result = run(arguments, environment);
        assertThat(result.output())
                .as("output of ./holdfast up")
                .contains("Holdfast is ready at http://127.0.0.1:" + port);
        assertThat(result.exitCode()).isZero();
    }

    /** Ends it in good order. */
    void down() {
        Result result = run(List.of("down", "--data", data.toString()));
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /** Ends every process of it with SIGKILL, as a power failure would: the JVM first, then its PostgreSQL. */
    void kill9() throws InterruptedException {
        List<ProcessHandle> ours = processes();
        assertThat(ours).as("processes of the stack in " + data).isNotEmpty();
        ours.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle handle : ours) {
            handle.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    /** Stands still as a paused virtual machine does, until {@link #goOn()}. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes().forEach(one -> command.add(Long.toString(one.pid())));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                .as(command.toString())
                .isZero();
    }

    /** The end of its log, and what each of its threads does: for a test that waits in vain. */
    String whereItStands() {
        StringBuilder all = new StringBuilder(endOf(log()));
        processes().stream()
                .filter(one ->
                        commandLine(one).startsWith("java") || commandLine(one).contains("/bin/java "))
                .forEach(one -> all.append(threadsOf(one)));
        return all.toString();
    }

    /** The threads of a JVM; says so where it does not tell them. */
    static String threadsOf(ProcessHandle jvm) {
        try {
            Process dump = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jstack")
                                    .toString(),
                            Long.toString(jvm.pid()))
                    .redirectErrorStream(true)
                    .start();
            return new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "no threads of " + jvm.pid() + ": " + e + '\n';
        }
    }

    /** The last part of a log; says so where it cannot be read. */
    static String endOf(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 300), lines.size())) + '\n';
        } catch (IOException e) {
            return "no log: " + e + '\n';
        }
    }

    private List<ProcessHandle> processes() {
        String folder = data.toAbsolutePath().toString();
        List<ProcessHandle> ours = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(handle -> commandLine(handle).contains(folder))
                .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                .forEach(handle -> {
                    ours.add(handle);
                    handle.descendants().forEach(ours::add);
                });
        return ours.stream().distinct().toList();
    }

    private static String commandLine(ProcessHandle handle) {
        try {
            return Files.readString(Path.of("/proc/" + handle.pid() + "/cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has just ended, or this system has no /proc
        }
    }

    /** As a service parks what is not JSON; the embedded broker lets nobody else publish to its queues. */
    void parkADeadLetter() throws IOException, SQLException {
        String port =
                Files.readAllLines(data.resolve("postgres/data/postmaster.pid")).get(3);
        String password = Files.readString(data.resolve("database-password"));
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/holdfast", "holdfast", password.strip());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO scheduler_control.parked_message (consumer, message_id, type, payload,"
                    + " state, reason, error, attempt) VALUES ('scheduler.commands', gen_random_uuid(),"
                    + " 'scheduler.execution.outcome.v1', convert_to('{\"executionId\":', 'UTF8'), 'dead',"
                    + " 'UNREADABLE', 'put here by the test', 0)");
        }
    }

    /** The answer to a request as no client library would send it, of the administrator in the default tenant. @param line its first line */
    String raw(String line) throws IOException {
        String credentials =
                Base64.getEncoder().encodeToString(("admin:" + PASSWORD).getBytes(StandardCharsets.ISO_8859_1));
        String request = line + "\r\nHost: 127.0.0.1\r\nTenant: default_tenant\r\nAuthorization: Basic " + credentials
                + "\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Api api() {
        return Api.at("http://127.0.0.1:" + port, "admin", PASSWORD);
    }

    /** What the JVM logs: {@code up --detach} writes it into the data folder. */
    Path log() {
        return data.resolve("logs/holdfast.log");
    }

    int port() {
        return port;
    }

    /** Of the administrator {@code admin}. */
    String password() {
        return PASSWORD;
    }

    Path data() {
        return data;
    }

    /** Runs {@code ./holdfast ARGS} against this stack; the command line finds it by its data folder. */
    Result cli(String... args) {
        return run(List.of(args), environment());
    }

    /** What makes the command line find this stack, whatever shell calls it. */
    Map<String, String> environment() {
        return Map.of(
                "HOLDFAST_URL",
                "http://127.0.0.1:" + port,
                "HOLDFAST_USERNAME",
                "admin",
                "HOLDFAST_PASSWORD",
                PASSWORD);
    }

    @Override
    public void close() {
        if (!processes().isEmpty()) {
            down();
        }
    }

    /** What a command printed (both streams together) and how it ended. */
    record Result(int exitCode, String output) {}

    private static Result run(List<String> args) {
        return run(args, Map.of());
    }

    private static Result run(List<String> args, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Repository.root().resolve("holdfast").toString());
        command.addAll(args);
        try {
            Path output = Files.createTempFile("holdfast-e2e", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("HOLDFAST_ADMIN_PASSWORD", PASSWORD);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end in 5 minutes:\n" + Files.readString(output));
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Result(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
