package io.holdfast.benchmarks;

import io.holdfast.benchmarks.ApiQueries.Group;
import io.holdfast.benchmarks.ApiQueries.Query;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./holdfast bench api}: lists with many rows behind them against the same with few, and requests per second beside a floor and a peer. */
final class ApiBench {

    private static final PrintStream OUT = SchedulerBench.OUT;

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** Requests of each query before any is measured: for the JITs of both managers and the caches of the database. */
    private static final int WARM_UP = 4;

    /** A query that has taken this long altogether is asked no more often. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    private static final int CLIENTS = 4;
    private static final int ROUNDS = 3;
    private static final String COUNTED = "executions?_size=100";
    /** The file of a kept folder that says how many rows were generated. */
    private static final String FILLED = "rows";

    private static final Pattern TOTAL = Pattern.compile("\"total\"\\s*:\\s*(\\d+)");

    /** The keys that are always there, null where not measured. */
    private static final List<String> GOALS = List.of(
            "list_ratio_max",
            "list_ratio_max_query",
            "list_ratio_p50",
            "search_ratio_max",
            "summary_ratio_max",
            "changed_ratio_max",
            "requests_per_s",
            "floor_requests_per_s",
            "requests_ratio_floor",
            "peer_requests_per_s",
            "requests_ratio_peer",
            "small_peer_requests_per_s",
            "small_requests_ratio_peer");

    /** A manager, and the database behind it. */
    private record Side(BenchManager manager, ApiState state) {}

    /** Median latencies in milliseconds. */
    private record Measured(Query query, double small, double large) {
        double ratio() {
            return large / small;
        }
    }

    private final ApiOptions options;
    private final Side small;
    private final Side large;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final Map<String, String> json = new LinkedHashMap<>();

    private ApiBench(ApiOptions options, Side small, Side large) {
        this.options = options;
        this.small = small;
        this.large = large;
        GOALS.forEach(goal -> json.put(goal, "null"));
    }

    /** @return the exit code */
    static int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            OUT.print(ApiOptions.USAGE);
            return 0;
        }
        ApiOptions options;
        try {
            options = ApiOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            OUT.println(e.getMessage());
            OUT.print(ApiOptions.USAGE);
            return USAGE;
        }
        // What is generated need not outlive anything: only reading is measured.
        Map<String, String> settings = Map.of("max_connections", "200", "fsync", "off", "autovacuum", "on");
        Path keep = options.keep();
        try {
            boolean filled = keep != null && isFilled(keep, options.rows());
            try (BenchServer server = BenchServer.start(settings, keep)) {
                if (!filled) {
                    ApiState.createOwner(server);
                }
                ApiState few = filled ? ApiState.of(server, "few") : ApiState.create(server, "few");
                ApiState many = filled ? ApiState.of(server, "many") : ApiState.create(server, "many");
                try (BenchManager smaller = manager(few, "few", options);
                        BenchManager larger = manager(many, "many", options)) {
                    ApiBench bench = new ApiBench(options, new Side(smaller, few), new Side(larger, many));
                    if (!filled) {
                        bench.fill();
                    }
                    return bench.measure();
                }
            }
        } catch (IOException | SQLException | ExecutionException e) {
            e.printStackTrace(OUT);
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static BenchManager manager(ApiState state, String name, ApiOptions options)
            throws IOException, InterruptedException {
        Path keep = options.keep();
        return BenchManager.start(
                state.url(),
                ManagerState.OWNER,
                null,
                options.managerOptions(),
                keep == null ? null : keep.resolve(name));
    }

    /** @throws IOException if something else is there */
    static boolean isFilled(Path keep, int rows) throws IOException {
        Path filled = keep.resolve(FILLED);
        if (!Files.exists(filled)) {
            if (Files.exists(keep.resolve("data"))) {
                throw new IOException(keep + " has a database that was not filled to its end; delete it");
            }
            return false;
        }
        String found = Files.readString(filled).strip();
        if (!found.equals(Integer.toString(rows))) {
            throw new IOException(keep + " has a database of " + found + " rows, not " + rows);
        }
        return true;
    }

    private void fill() throws IOException, SQLException {
        OUT.printf(Locale.ROOT, "generating %,d and %,d rows of everything%n", ApiOptions.SMALL, options.rows());
        long start = System.nanoTime();
        small.state().fill(ApiOptions.SMALL);
        large.state().fill(options.rows());
        OUT.printf(Locale.ROOT, "generated in %,d s%n", (System.nanoTime() - start) / 1_000_000_000);
        Path keep = options.keep();
        if (keep != null) {
            Files.writeString(keep.resolve(FILLED), Integer.toString(options.rows()));
        }
    }

    private int measure() throws IOException, SQLException, InterruptedException, ExecutionException {
        List<Query> fewRows = ApiQueries.of(ApiOptions.SMALL);
        List<Query> manyRows = ApiQueries.of(options.rows());
        int wrong = 0;
        OUT.println("comparing totals, and warming up");
        for (int i = 0; i < fewRows.size(); i++) {
            wrong += check(small, fewRows.get(i)) + check(large, manyRows.get(i));
        }
        OUT.printf(Locale.ROOT, "%-40s %12s %12s %8s%n", "median ms", "1,000 rows", "all rows", "ratio");
        List<Measured> measured = new ArrayList<>();
        for (int i = 0; i < fewRows.size(); i++) {
            measured.add(inTurns(fewRows.get(i), manyRows.get(i)));
        }
        small.state().undoChanges();
        large.state().undoChanges();
        ratios(measured);
        requestsPerSecond();
        describe();
        json.put("wrong_totals", Integer.toString(wrong));
        measured.forEach(each -> json.put(each.query().name(), SchedulerBench.number(each.ratio())));
        OUT.println(SchedulerBench.text(json));
        return wrong == 0 ? 0 : FAILED;
    }

    /** @return 1 if the total is wrong */
    private int check(Side side, Query query) throws IOException, SQLException, InterruptedException {
        for (int i = 1; i < WARM_UP; i++) {
            ask(side, query);
        }
        String body = ask(side, query);
        if (query.countSql().isEmpty()) {
            return 0;
        }
        long expected = side.state().count(query.countSql());
        Matcher total = TOTAL.matcher(body);
        String found = total.find() ? total.group(1) : "none";
        if (found.equals(Long.toString(expected))) {
            return 0;
        }
        OUT.println(
                "WRONG: " + query.url() + " says total " + found + ", and " + query.countSql() + " says " + expected);
        return 1;
    }

    private Measured inTurns(Query few, Query many) throws IOException, SQLException, InterruptedException {
        List<Double> smallTimes = new ArrayList<>();
        List<Double> largeTimes = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < options.repeats() && System.nanoTime() - start < PATIENCE_NANOS; i++) {
            if (i % 2 == 0) {
                smallTimes.add(millis(small, few));
                largeTimes.add(millis(large, many));
            } else {
                largeTimes.add(millis(large, many));
                smallTimes.add(millis(small, few));
            }
        }
        Measured measured = new Measured(many, SnapshotBench.median(smallTimes), SnapshotBench.median(largeTimes));
        OUT.printf(
                Locale.ROOT,
                "%-40s %12.2f %12.2f %8.2f%n",
                many.name(),
                measured.small(),
                measured.large(),
                measured.ratio());
        return measured;
    }

    private double millis(Side side, Query query) throws IOException, SQLException, InterruptedException {
        if (!query.changeSql().isEmpty()) {
            side.state().change(query.changeSql());
        }
        long start = System.nanoTime();
        ask(side, query);
        return (System.nanoTime() - start) / 1e6;
    }

    private String ask(Side side, Query query) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(side.manager().get(query.url()), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(query.url() + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private void ratios(List<Measured> measured) {
        for (Group group : Group.values()) {
            List<Measured> ofGroup = measured.stream()
                    .filter(each -> each.query().group() == group)
                    .toList();
            Measured worst = ofGroup.stream()
                    .max(Comparator.comparingDouble(Measured::ratio))
                    .orElseThrow();
            String name = group.name().toLowerCase(Locale.ROOT);
            json.put(name + "_ratio_max", SchedulerBench.number(worst.ratio()));
            json.put(
                    name + "_ratio_p50",
                    SchedulerBench.number(SnapshotBench.median(
                            ofGroup.stream().map(Measured::ratio).toList())));
            json.put(
                    name + "_ratio_max_query",
                    SchedulerBench.quoted(worst.query().name()));
        }
    }

    private void requestsPerSecond() throws IOException, InterruptedException, ExecutionException {
        HttpRequest our = large.manager().get(COUNTED);
        try (ApiFloor floor = ApiFloor.start(large.state().url())) {
            HttpRequest bare = HttpRequest.newBuilder(URI.create(floor.url()))
                    .timeout(Duration.ofSeconds(60))
                    .build();
            List<Double> rates = inRounds("", our, "floor", bare);
            json.put("requests_per_s", SchedulerBench.number(rates.get(0)));
            json.put("floor_requests_per_s", SchedulerBench.number(rates.get(1)));
            json.put("requests_ratio_floor", SchedulerBench.number(rates.get(0) / rates.get(1)));
        }
        String python = ApiPeer.python();
        if (python == null) {
            OUT.println("not measured beside the peer, which needs " + ApiPeer.PACKAGES);
            return;
        }
        besidePeer(python, small, "small_", "1,000 rows, ");
        besidePeer(python, large, "", "all rows, ");
    }

    private void besidePeer(String python, Side side, String prefix, String title)
            throws IOException, InterruptedException, ExecutionException {
        HttpRequest our = side.manager().get(COUNTED);
        try (ApiPeer peer = ApiPeer.start(python, side.state().url())) {
            HttpRequest their = side.manager().get(peer.url(), COUNTED);
            compareTotals(our, their);
            List<Double> rates = inRounds(title, our, "peer", their);
            json.put(prefix + "peer_requests_per_s", SchedulerBench.number(rates.get(1)));
            json.put(prefix + "requests_ratio_peer", SchedulerBench.number(rates.get(0) / rates.get(1)));
        }
    }

    /** @throws IOException if they do not answer the same question */
    private void compareTotals(HttpRequest our, HttpRequest their) throws IOException, InterruptedException {
        List<String> totals = new ArrayList<>();
        for (HttpRequest request : List.of(our, their)) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            Matcher total = TOTAL.matcher(answer.body());
            totals.add(total.find() ? total.group(1) : answer.statusCode() + " " + answer.body());
        }
        if (!totals.get(0).equals(totals.get(1))) {
            throw new IOException("the peer says total " + totals.get(1) + ", the manager " + totals.get(0));
        }
    }

    /** Requests per second in turns, after one turn that does not count. @return the medians, ours first */
    private List<Double> inRounds(String title, HttpRequest our, String name, HttpRequest their)
            throws InterruptedException, ExecutionException {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        perSecond(our);
        perSecond(their);
        for (int i = 0; i < ROUNDS; i++) {
            ours.add(perSecond(our));
            theirs.add(perSecond(their));
            OUT.printf(
                    Locale.ROOT,
                    "%s%d clients: holdfast %,8.0f/s   %s %,8.1f/s%n",
                    title,
                    CLIENTS,
                    ours.get(i),
                    name,
                    theirs.get(i));
        }
        return List.of(SnapshotBench.median(ours), SnapshotBench.median(theirs));
    }

    private double perSecond(HttpRequest request) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(options.seconds()).toNanos();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                counts.add(clients.submit(() -> answered(request, end)));
            }
            long requests = 0;
            for (Future<Long> count : counts) {
                requests += count.get();
            }
            return requests / ((System.nanoTime() - start) / 1e9);
        } finally {
            clients.shutdownNow();
        }
    }

    private long answered(HttpRequest request, long end) throws IOException, InterruptedException {
        long count = 0;
        while (System.nanoTime() < end) {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(request.uri() + " was answered " + answer.statusCode());
            }
            count++;
        }
        return count;
    }

    private void describe() throws SQLException {
        json.put("rows_small", Integer.toString(ApiOptions.SMALL));
        json.put("rows", Integer.toString(options.rows()));
        json.put("repeats", Integer.toString(options.repeats()));
        json.put("clients", Integer.toString(CLIENTS));
        json.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        json.put("java", SchedulerBench.quoted(System.getProperty("java.version")));
        try (java.sql.Connection connection = large.state().connect()) {
            json.put(
                    "postgresql", SchedulerBench.quoted(connection.getMetaData().getDatabaseProductVersion()));
        }
    }
}
