package io.holdfast.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed for real. */
class EmbeddedServersIT {

    @TempDir
    Path temporary;

    private final List<Servers> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(servers -> servers.process().destroyForcibly());
        new OwnPostgresProcesses(temporary.toAbsolutePath().resolve("postgres/data")).endAll(Duration.ofSeconds(30));
    }

    @Test
    void whatWasCommittedAndConfirmedSurvivesAKillOfTheJvmWhosePostgresLivesOn() throws Exception {
        // given
        Servers first = start();
        commitRow(first, "kept");
        publish(first, "kept");
        kill(first.process().toHandle());
        assertThat(ProcessHandle.of(first.postgresPid())).isPresent();

        // when
        Servers second = start();

        // then
        assertThat(rows(second)).containsExactly("kept");
        assertThat(nextMessage(second)).isEqualTo("kept");
        assertThat(ProcessHandle.of(first.postgresPid()).filter(OwnPostgresProcesses::isAlive))
                .isEmpty();
    }

    @Test
    void aKillOfEverythingLosesNothingEither() throws Exception {
        // given
        Servers first = start();
        commitRow(first, "kept");
        publish(first, "kept");
        kill(first.process().toHandle());
        kill(ProcessHandle.of(first.postgresPid()).orElseThrow());

        // when
        Servers second = start();

        // then
        assertThat(rows(second)).containsExactly("kept");
        assertThat(nextMessage(second)).isEqualTo("kept");
    }

    @Test
    void aPidFileWhosePidIsNowSomebodyElsesDoesNotHinderTheStart() throws Exception {
        // given
        Servers first = start();
        commitRow(first, "kept");
        kill(first.process().toHandle());
        kill(ProcessHandle.of(first.postgresPid()).orElseThrow());
        Path lockFile = temporary.resolve("postgres/data/postmaster.pid");
        List<String> lines = new ArrayList<>(Files.readAllLines(lockFile));
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(lockFile, lines);

        // when
        Servers second = start();

        // then
        assertThat(rows(second)).containsExactly("kept");
    }

    @Test
    void anOrderlyEndLeavesNoProcessAndTheNextStartNeedsNoRecovery() throws Exception {
        // given
        Servers first = start();
        commitRow(first, "kept");

        // when
        first.process().getOutputStream().close();

        // then
        assertThat(first.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(first.process().exitValue()).isZero();
        assertThat(ProcessHandle.of(first.postgresPid()).filter(OwnPostgresProcesses::isAlive))
                .isEmpty();
        assertThat(rows(start())).containsExactly("kept");
        assertThat(temporary.resolve("logs/postgresql.log")).content().doesNotContain("automatic recovery");
    }

    private record Servers(
            Process process, String databaseUrl, String databasePassword, long postgresPid, String brokerUrl) {}

    private Servers start() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        EmbeddedServersProcess.class.getName(),
                        temporary.toString())
                .redirectError(temporary.resolve("stderr.txt").toFile());
        builder.environment().putAll(Map.of("CLASSPATH", classPath));
        Process process = builder.start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith("up ")) {
            line = output.readLine();
        }
        assertThat(line).as(Files.readString(temporary.resolve("stderr.txt"))).isNotNull();
        String[] words = line.split(" ");
        Servers servers = new Servers(process, words[1], words[2], Long.parseLong(words[3]), words[4]);
        started.add(servers);
        return servers;
    }

    private static void kill(ProcessHandle process) throws Exception {
        process.destroyForcibly();
        process.onExit().get(20, TimeUnit.SECONDS);
    }

    private static void commitRow(Servers servers, String text) throws SQLException {
        try (Connection connection = connect(servers);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE note (text text)");
            statement.execute("INSERT INTO note VALUES ('" + text + "')");
        }
    }

    private static List<String> rows(Servers servers) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect(servers);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT text FROM note")) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    private static Connection connect(Servers servers) throws SQLException {
        return DriverManager.getConnection(servers.databaseUrl(), "holdfast", servers.databasePassword());
    }

    private static void publish(Servers servers, String text) throws Exception {
        try (var connection = amqp(servers);
                var channel = connection.createChannel()) {
            channel.queueDeclare("notes", true, false, false, null);
            channel.confirmSelect();
            channel.basicPublish("", "notes", MessageProperties.PERSISTENT_BASIC, text.getBytes(UTF_8));
            channel.waitForConfirmsOrDie(10_000);
        }
    }

    private static String nextMessage(Servers servers) throws Exception {
        try (var connection = amqp(servers);
                var channel = connection.createChannel()) {
            GetResponse response = channel.basicGet("notes", true);
            assertThat(response).isNotNull();
            return new String(response.getBody(), UTF_8);
        }
    }

    private static com.rabbitmq.client.Connection amqp(Servers servers) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(servers.brokerUrl());
        return factory.newConnection();
    }
}
