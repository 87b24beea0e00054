package io.holdfast.benchmarks;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.holdfast.benchmarks.SchedulerOptions.Part;
import io.holdfast.testsupport.RabbitMqServer;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** {@code ./holdfast bench scheduler}: throughput, lateness and cost of dispatching, against db-scheduler and the broker in turns. */
final class SchedulerBench {

    static final PrintStream OUT = System.out;

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int TOO_NOISY = 3;
    private static final int NO_BROKER = 4;

    /** Runs of one anchor that differ more than this, as a part of their median, are no anchor. */
    private static final double MOST_SPREAD = 0.25;

    /** Between two contenders: so many looks in a row at which less than a twentieth of a CPU was used. */
    private static final int CALM_LOOKS = 4;

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration LONGEST_SETTLE = Duration.ofSeconds(30);

    private static final int WARM_UP = 20_000;

    /** Until a manager's JVM has compiled what it needs: its CPU time for an execution falls from 70 µs in the second of these to 20 in the sixth. */
    private static final int WARM_UPS = 6;

    /** Channels that the relay spreads start commands over; what the broker confirms over as many is measured as well. */
    private static final int RELAY_CHANNELS = 8;

    private static final int DUE_PER_SECOND = 100;
    private static final int SUBMITTED_PER_SECOND = 50;

    /** Until what takes requests is compiled, on a slow machine, too. */
    private static final int SUBMITTING_WARM_UP_SECONDS = 60;

    private static final Duration AHEAD = Duration.ofMillis(150);
    private static final long SEED = 42;

    /** The keys that are always there, null where not measured. */
    private static final List<String> GOALS = List.of(
            "throughput_ratio_db_scheduler",
            "throughput_ratio_broker_ceiling",
            "lateness_p50_ms",
            "lateness_p99_ms",
            "early",
            "inserted_p99_ms",
            "restore_rule_100k_s",
            "idle_statements_per_s");

    private final SchedulerOptions options;
    private final BenchServer server;
    private final Connection broker;
    private final ManagerState state;
    private final Map<String, String> json = new LinkedHashMap<>();

    private SchedulerBench(SchedulerOptions options, BenchServer server, Connection broker, ManagerState state) {
        this.options = options;
        this.server = server;
        this.broker = broker;
        this.state = state;
        GOALS.forEach(goal -> json.put(goal, "null"));
    }

    /** @return the exit code */
    static int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            OUT.print(SchedulerOptions.USAGE);
            return 0;
        }
        SchedulerOptions options;
        try {
            options = SchedulerOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            OUT.println(e.getMessage());
            OUT.print(SchedulerOptions.USAGE);
            return USAGE;
        }
        if (!RabbitMqServer.isInstalled()) {
            OUT.println(
                    "bench scheduler measures with a real RabbitMQ, and none is installed below /usr/lib/rabbitmq/bin;"
                            + " on Debian: apt-get install rabbitmq-server");
            return NO_BROKER;
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("max_connections", "200");
        settings.put("logging_collector", "on");
        settings.put("log_filename", "statements.log");
        settings.put("log_line_prefix", "%d@");
        try (BenchServer server = BenchServer.start(settings);
                RabbitMqServer rabbit = RabbitMqServer.start();
                Connection broker = BrokerCeiling.connect(rabbit.url())) {
            ManagerState state = ManagerState.create(server);
            try (Channel channel = broker.createChannel()) {
                BrokerCeiling.declare(channel, BenchManager.IDLE_QUEUE);
            }
            try (BenchManager manager =
                    BenchManager.start(state.url(), ManagerState.OWNER, rabbit.url(), options.managerOptions())) {
                OUT.println("a manager runs, pid " + manager.pid() + ", log " + manager.log());
                return new SchedulerBench(options, server, broker, state).measure(manager);
            }
        } catch (IOException | SQLException | TimeoutException e) {
            e.printStackTrace(OUT);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private int measure(BenchManager manager) throws IOException, SQLException, InterruptedException, TimeoutException {
        int code = 0;
        if (options.measures(Part.THROUGHPUT)) {
            code = throughput(manager);
        }
        if (options.measures(Part.LATENESS)) {
            lateness();
        }
        if (options.measures(Part.INSERTED)) {
            inserted(manager);
        }
        if (options.measures(Part.RESTORE)) {
            try (java.sql.Connection connection = state.connect()) {
                new RestoreRuleBench(state.url(), connection, options.pending()).measure(json);
            }
        }
        if (options.measures(Part.IDLE)) {
            idle();
        }
        if (code == 0) {
            describe();
            OUT.println(text(json));
        }
        return code;
    }

    // -------------------------------------------------------------------------------------------------------
    // throughput

    private int throughput(BenchManager manager)
            throws IOException, SQLException, InterruptedException, TimeoutException {
        List<Double> peers = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> ceilings = new ArrayList<>();
        List<Double> spreadOut = new ArrayList<>();
        try (DbSchedulerPeer peer = new DbSchedulerPeer(server, broker)) {
            OUT.println("throughput: warming up");
            for (int i = 0; i < WARM_UPS; i++) {
                peer.run(WARM_UP);
                peer.clear();
                dispatched(WARM_UP, manager);
            }
            BrokerCeiling.run(broker, WARM_UP * 4, 1);
            BrokerCeiling.run(broker, WARM_UP * 4, RELAY_CHANNELS);
            for (int i = 0; i < options.repeats(); i++) {
                settle(manager);
                peers.add(options.rows() / peer.run(options.rows()));
                peer.clear();
                settle(manager);
                ours.add(options.rows() / dispatched(options.rows(), manager));
                settle(manager);
                CpuTimes before = cpu(manager);
                ceilings.add(options.rows() / BrokerCeiling.run(broker, options.rows(), 1));
                String ceilingCpu =
                        number(CpuTimes.micros(cpu(manager).minus(before).broker()) / options.rows());
                json.put("broker_ceiling_cpu_us", ceilingCpu);
                settle(manager);
                spreadOut.add(options.rows() / BrokerCeiling.run(broker, options.rows(), RELAY_CHANNELS));
                OUT.printf(
                        Locale.ROOT,
                        "  db-scheduler %,8.0f/s   holdfast %,8.0f/s   broker %,8.0f/s, over %d channels %,8.0f/s%n",
                        peers.get(i),
                        ours.get(i),
                        ceilings.get(i),
                        RELAY_CHANNELS,
                        spreadOut.get(i));
            }
        }
        double peer = SnapshotBench.median(peers);
        double our = SnapshotBench.median(ours);
        double ceiling = SnapshotBench.median(ceilings);
        json.put("throughput_ratio_db_scheduler", number(our / peer));
        json.put("throughput_ratio_broker_ceiling", number(our / ceiling));
        json.put("throughput_ratio_broker_channels", number(our / SnapshotBench.median(spreadOut)));
        json.put("throughput_per_s", number(our));
        json.put("db_scheduler_per_s", number(peer));
        json.put("broker_ceiling_per_s", number(ceiling));
        json.put("throughput_spread", number(spread(ours)));
        json.put("db_scheduler_spread", number(spread(peers)));
        json.put("broker_ceiling_spread", number(spread(ceilings)));
        boolean noisy = spread(peers) > MOST_SPREAD;
        json.put("noisy", Boolean.toString(noisy));
        if (noisy && !options.allowNoise()) {
            OUT.printf(
                    Locale.ROOT,
                    "the machine is too busy: the runs of db-scheduler differ by %.0f %% of their median, more than %.0f %%."
                            + " Nothing is reported; measure on a quieter machine, or say --allow-noise%n",
                    spread(peers) * 100,
                    MOST_SPREAD * 100);
            return TOO_NOISY;
        }
        return 0;
    }

    /** Seconds from when the first execution was due until the broker had confirmed the commands of all. */
    private double dispatched(int count, BenchManager manager)
            throws IOException, SQLException, InterruptedException, TimeoutException {
        try (Channel channel = broker.createChannel()) {
            state.empty();
            channel.queuePurge(CommandTap.QUEUE);
            if (channel.consumerCount(CommandTap.QUEUE) > 0) {
                throw new IOException(
                        "somebody consumes " + CommandTap.QUEUE + ", so the commands in it cannot be counted");
            }
            Instant due = state.dueTogether(count);
            checkpoint();
            Thread.sleep(Math.max(0, Duration.between(Instant.now(), due).toMillis() - 50));
            CpuTimes before = cpu(manager);
            long start =
                    System.nanoTime() + Duration.between(Instant.now(), due).toNanos();
            long givingUp = start + TimeUnit.MINUTES.toNanos(5);
            while (channel.messageCount(CommandTap.QUEUE) < count) {
                if (System.nanoTime() > givingUp) {
                    throw new IOException("only " + channel.messageCount(CommandTap.QUEUE) + " of " + count
                            + " commands came in five minutes");
                }
                // Asking costs the broker time, which only our own runs would pay for.
                Thread.sleep(20);
            }
            while (!state.outboxIsEmpty()) {
                Thread.sleep(1);
            }
            double took = (System.nanoTime() - start) / 1e9;
            CpuTimes used = cpu(manager).minus(before);
            OUT.println("  CPU for each, in µs: " + used.perOne(count));
            json.put("broker_cpu_us", number(CpuTimes.micros(used.broker()) / count));
            json.put("database_cpu_us", number(CpuTimes.micros(used.database()) / count));
            json.put("manager_cpu_us", number(CpuTimes.micros(used.manager()) / count));
            long pending = state.count("SELECT count(*) FROM scheduler.executions WHERE status = 'pending'");
            long messages = channel.messageCount(CommandTap.QUEUE);
            if (pending != count || messages != count) {
                throw new IOException(count + " executions were due; now " + pending + " are pending and " + messages
                        + " commands are in the queue");
            }
            json.put("command_body_bytes", Integer.toString(bodyBytes(channel)));
            channel.queuePurge(CommandTap.QUEUE);
            return took;
        }
    }

    /**
     * Waits until nothing of the contender before is left to do: a broker writes what it confirmed to other files, and frees what was
     * deleted, for seconds. Goes on after {@link #LONGEST_SETTLE}.
     */
    private void settle(BenchManager manager) throws InterruptedException {
        long givingUp = System.nanoTime() + LONGEST_SETTLE.toNanos();
        CpuTimes before = cpu(manager);
        int calm = 0;
        while (calm < CALM_LOOKS && System.nanoTime() < givingUp) {
            Thread.sleep(LOOK.toMillis());
            CpuTimes now = cpu(manager);
            calm = now.minus(before).busy().compareTo(LOOK.dividedBy(20)) < 0 ? calm + 1 : 0;
            before = now;
        }
    }

    private CpuTimes cpu(BenchManager manager) {
        try {
            return CpuTimes.now(server.postmasterPid(), manager.pid());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int bodyBytes(Channel channel) throws IOException {
        var command = channel.basicGet(CommandTap.QUEUE, true);
        if (command == null) {
            throw new IOException("the queue is empty");
        }
        return command.getBody().length;
    }

    private void checkpoint() {
        try (java.sql.Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------------------------------------------------
    // lateness

    private void lateness() throws IOException, SQLException, InterruptedException, TimeoutException {
        OUT.printf(
                "lateness: %,d pending, %d/s come due for %d s%n",
                options.pending(), DUE_PER_SECOND, options.seconds());
        state.empty();
        state.pending(options.pending());
        checkpoint();
        try (CommandTap tap = new CommandTap(broker)) {
            dueAtRandom(tap, 3);
            tap.received().clear();
            Map<String, Instant> due = dueAtRandom(tap, options.seconds());
            List<Double> late = new ArrayList<>();
            long early = 0;
            for (Map.Entry<String, Instant> entry : due.entrySet()) {
                CommandTap.Received command = tap.received().get(entry.getKey());
                late.add(millis(entry.getValue(), command.receivedAt()));
                if (command.claimedAt().isBefore(entry.getValue())) {
                    early++;
                }
            }
            json.put("lateness_p50_ms", number(percentile(late, 0.50)));
            json.put("lateness_p99_ms", number(percentile(late, 0.99)));
            json.put("early", Long.toString(early));
            json.put("lateness_max_ms", number(percentile(late, 1)));
            json.put("lateness_n", Integer.toString(late.size()));
            OUT.printf(
                    Locale.ROOT,
                    "  p50 %.1f ms, p99 %.1f ms, at most %.1f ms, %d early%n",
                    percentile(late, 0.50),
                    percentile(late, 0.99),
                    percentile(late, 1),
                    early);
        }
    }

    private Map<String, Instant> dueAtRandom(CommandTap tap, int seconds)
            throws IOException, SQLException, InterruptedException {
        Random random = new Random(SEED);
        Instant first = Instant.now().plusSeconds(3);
        Map<String, Instant> due = new HashMap<>();
        for (int i = 0; i < seconds * DUE_PER_SECOND; i++) {
            due.put(
                    UUID.randomUUID().toString(),
                    first.plus(random.nextInt(seconds * 1_000_000), java.time.temporal.ChronoUnit.MICROS));
        }
        state.dueAt(due);
        awaitAll(tap, due.size(), seconds + 60);
        return due;
    }

    private static void awaitAll(CommandTap tap, int count, int seconds) throws IOException, InterruptedException {
        long givingUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (tap.received().size() < count) {
            if (System.nanoTime() > givingUp) {
                throw new IOException(tap.received().size() + " of " + count + " commands came in " + seconds + " s");
            }
            Thread.sleep(50);
        }
        if (tap.again() > 0) {
            throw new IOException(tap.again() + " commands came twice");
        }
    }

    /** Open loop: a submission is sent when its turn has come, whether or not the ones before were answered. */
    private void inserted(BenchManager manager)
            throws IOException, SQLException, InterruptedException, TimeoutException {
        int count = options.seconds() * SUBMITTED_PER_SECOND;
        int warmUp = SUBMITTING_WARM_UP_SECONDS * SUBMITTED_PER_SECOND;
        OUT.printf("inserted: %d/s submitted over REST for %d s%n", SUBMITTED_PER_SECOND, options.seconds());
        state.empty();
        state.pending(options.pending());
        state.deployments(count + warmUp);
        try (CommandTap tap = new CommandTap(broker)) {
            int accepted = submit(manager, 0, warmUp);
            awaitAll(tap, accepted, 60);
            var warm = List.copyOf(tap.received().keySet());
            accepted = submit(manager, warmUp, count);
            awaitAll(tap, warm.size() + accepted, 60);
            warm.forEach(tap.received()::remove);
            List<Double> late = new ArrayList<>();
            List<Double> started = new ArrayList<>();
            List<Double> scheduled = new ArrayList<>();
            Map<String, ManagerState.Submitted> submitted = state.submitted();
            for (Map.Entry<String, CommandTap.Received> entry : tap.received().entrySet()) {
                ManagerState.Submitted execution = submitted.get(entry.getKey());
                double millis = millis(execution.due(), entry.getValue().receivedAt());
                late.add(millis);
                (execution.scheduled() ? scheduled : started).add(millis);
            }
            json.put("inserted_p99_ms", number(percentile(late, 0.99)));
            json.put("inserted_p50_ms", number(percentile(late, 0.50)));
            json.put("inserted_now_p99_ms", number(percentile(started, 0.99)));
            json.put("inserted_ahead_p99_ms", number(percentile(scheduled, 0.99)));
            json.put("inserted_n", Integer.toString(late.size()));
            json.put("inserted_too_late_to_submit", Integer.toString(count - accepted));
            OUT.printf(
                    Locale.ROOT,
                    "  p50 %.1f ms, p99 %.1f ms (start now: p99 %.1f ms, a moment ahead: p99 %.1f ms; %d of %d refused as past)%n",
                    percentile(late, 0.50),
                    percentile(late, 0.99),
                    percentile(started, 0.99),
                    percentile(scheduled, 0.99),
                    count - accepted,
                    count);
        }
    }

    /** @return how many were accepted; on a machine that stalls, the moment ahead is past when the request comes in */
    private static int submit(BenchManager manager, int from, int count) throws IOException {
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long wait = start + i * TimeUnit.SECONDS.toNanos(1) / SUBMITTED_PER_SECOND - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            String when =
                    i % 2 == 0 ? "" : ", \"scheduled_time\": \"" + Instant.now().plus(AHEAD) + "\"";
            answers.add(manager.submit(
                            "{\"deployment_id\": \"shop-" + (from + i) + "\", \"workflow_id\": \"backup\"" + when + "}")
                    .thenAccept(status -> {
                        if (status == 201) {
                            accepted.incrementAndGet();
                        } else if (status != 400) {
                            failed.incrementAndGet();
                        }
                    }));
        }
        answers.forEach(CompletableFuture::join);
        if (failed.get() > 0) {
            throw new IOException(failed + " submissions were answered neither 201 nor 400");
        }
        return accepted.get();
    }

    // -------------------------------------------------------------------------------------------------------------
    // idle

    private void idle() throws IOException, SQLException, InterruptedException {
        OUT.printf("idle: %,d pending, nothing due for %d s%n", options.pending(), options.idleSeconds());
        state.empty();
        state.pending(options.pending());
        checkpoint();
        Thread.sleep(5_000);
        logStatements("all");
        Thread.sleep(1_000);
        List<String> before = statements();
        Thread.sleep(options.idleSeconds() * 1_000L);
        List<String> all = statements();
        logStatements("none");
        List<String> during = all.subList(before.size(), all.size());
        Map<String, Integer> kinds = new HashMap<>();
        during.forEach(statement ->
                kinds.merge(statement.substring(0, Math.min(110, statement.length())), 1, Integer::sum));
        double perSecond = (double) during.size() / options.idleSeconds();
        json.put("idle_statements_per_s", number(perSecond));
        OUT.printf(Locale.ROOT, "  %.2f statements/s%n", perSecond);
        kinds.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(8)
                .forEach(kind -> OUT.printf("    %4d  %s%n", kind.getValue(), kind.getKey()));
    }

    private void logStatements(String what) throws SQLException {
        try (java.sql.Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement()) {
            sql.execute("ALTER SYSTEM SET log_statement = '" + what + "'");
            sql.execute("SELECT pg_reload_conf()");
        }
    }

    /** Of the manager, by PostgreSQL's log. */
    private List<String> statements() throws SQLException, IOException {
        Path log;
        try (java.sql.Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                Statement sql = connection.createStatement();
                ResultSet row =
                        sql.executeQuery("SELECT current_setting('data_directory') || '/' || pg_current_logfile()")) {
            row.next();
            log = Path.of(row.getString(1));
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(ManagerState.DATABASE + "@LOG:  "))
                    .map(line -> line.substring(ManagerState.DATABASE.length() + 7))
                    .filter(line -> line.startsWith("statement: ") || line.startsWith("execute "))
                    .map(line -> line.replaceFirst("^(statement|execute [^:]*): ", ""))
                    .toList();
        }
    }

    // -----------------------------------------------------------------------------------------------------------
    // report

    private void describe() throws SQLException, IOException {
        json.put("rows", Integer.toString(options.rows()));
        json.put("pending", Integer.toString(options.pending()));
        json.put("repeats", Integer.toString(options.repeats()));
        json.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        json.put("java", quoted(System.getProperty("java.version")));
        json.put("rabbitmq", quoted(String.valueOf(broker.getServerProperties().get("version"))));
        json.put("db_scheduler", quoted(DbSchedulerPeer.version()));
        try (java.sql.Connection connection = state.connect()) {
            json.put("postgresql", quoted(connection.getMetaData().getDatabaseProductVersion()));
        }
    }

    static String text(Map<String, String> json) {
        List<String> fields = new ArrayList<>();
        json.forEach((key, value) -> fields.add(quoted(key) + ":" + value));
        return "{" + String.join(",", fields) + "}";
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static double millis(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e6;
    }

    private static double spread(List<Double> values) {
        double least = values.stream().min(Double::compare).orElseThrow();
        double most = values.stream().max(Double::compare).orElseThrow();
        return (most - least) / SnapshotBench.median(values);
    }

    static double percentile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.get(Math.min(sorted.size() - 1, (int) Math.floor(sorted.size() * part)));
    }
}
