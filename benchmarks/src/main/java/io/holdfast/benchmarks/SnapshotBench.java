package io.holdfast.benchmarks;

import io.holdfast.archive.ArchiveOptions;
import io.holdfast.archive.ArchiveWriter;
import io.holdfast.archive.DeflateEngines;
import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.snapshot.building.BuildProgress;
import io.holdfast.snapshot.building.BuildRequest;
import io.holdfast.snapshot.building.storage.PgStateExport;
import io.holdfast.state.secrets.DataKeys;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ./holdfast bench snapshot}: how fast snapshots are created, against PostgreSQL's own programs on the same server in turns. */
public final class SnapshotBench {

    private static final String ENGINE = "holdfast";
    private static final String PURE_JAVA = "holdfast, pure Java";
    private static final String PG_DUMP = "pg_dump -Fd -j2 -Z6";
    private static final String BASE_BACKUP = "pg_basebackup, server zstd 1";

    /** Goal: this heap suffices. */
    private static final int CHILD_HEAP_MB = 64;

    private static final PrintStream OUT = System.out;

    /** One way to make a copy of the state. */
    @FunctionalInterface
    private interface Contender {
        void run(Path target) throws IOException, InterruptedException;
    }

    private final BenchServer server;
    private final BenchOptions options;
    private final Map<String, Contender> contenders = new LinkedHashMap<>();
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private final Map<String, Long> bytes = new LinkedHashMap<>();
    private int targets;

    private SnapshotBench(BenchServer server, BenchOptions options) {
        this.server = server;
        this.options = options;
        if (DeflateEngines.nativeLoads()) {
            contenders.put(ENGINE, target -> export(server.url(), target, options.workers(), false));
        }
        contenders.put(PURE_JAVA, target -> export(server.url(), target, options.workers(), true));
        if (server.hasPeers()) {
            contenders.put(
                    PG_DUMP,
                    target -> server.client("pg_dump", "-Fd", "-j2", "-Z6", "-f", target.toString(), "postgres"));
            contenders.put(
                    BASE_BACKUP,
                    target -> server.client(
                            "pg_basebackup",
                            "-Ft",
                            "--compress=server-zstd:1",
                            "-c",
                            "fast",
                            "-X",
                            "fetch",
                            "-D",
                            target.toString()));
        }
    }

    public static void main(String[] args) throws Exception {
        if (args.length == 4 && args[0].equals("child")) {
            export(args[1], Path.of(args[2]), Integer.parseInt(args[3]), false);
            OUT.println(peakResidentMegabytes());
            return;
        }
        if (args.length > 0 && args[0].equals("scheduler")) {
            System.exit(SchedulerBench.run(List.of(args).subList(1, args.length)));
        }
        if (args.length > 0 && args[0].equals("api")) {
            System.exit(ApiBench.run(List.of(args).subList(1, args.length)));
        }
        if (args.length == 2 && args[0].equals(ApiFloor.CHILD)) {
            ApiFloor.serve(List.of(args).subList(1, args.length), OUT);
            return;
        }
        if (args.length > 0 && args[0].equals("failover")) {
            System.exit(FailoverBench.run(List.of(args).subList(1, args.length)));
        }
        BenchOptions options;
        try {
            options = BenchOptions.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            OUT.println(e.getMessage());
            OUT.println(BenchOptions.USAGE);
            System.exit(2);
            return;
        }
        if (options.what().equals("restore")) {
            try (BenchServer server = BenchServer.start()) {
                new RestoreBench(server, options).measure();
            }
            return;
        }
        if (!options.what().equals("snapshot")) {
            OUT.println(BenchOptions.USAGE);
            System.exit(options.what().isEmpty() || options.what().equals("--help") ? 0 : 2);
            return;
        }
        try (BenchServer server = BenchServer.start()) {
            new SnapshotBench(server, options).measure();
        }
    }

    private void measure() throws IOException, InterruptedException, SQLException {
        if (!server.hasPeers()) {
            OUT.println("PostgreSQL's own programs are not installed: nothing to compare with; the ratios are null");
        }
        OUT.printf(Locale.ROOT, "generating a state of scale %s%n", options.scaleName());
        BenchState.generate(server.url(), options);
        OUT.println("one round to warm up, then " + options.runs());
        round(-1);
        seconds.clear();
        for (int run = 0; run < options.runs(); run++) {
            round(run);
        }
        seconds.forEach((name, times) -> OUT.printf(
                Locale.ROOT,
                "%-30s median %7.2f s  (%.2f to %.2f)  %8.1f MB%n",
                name,
                median(times),
                times.stream().min(Double::compare).orElseThrow(),
                times.stream().max(Double::compare).orElseThrow(),
                bytes.get(name) / 1e6));
        long resident = childResident();
        OUT.printf("with -Xmx%dm in a process of its own: %d MB resident at most%n", CHILD_HEAP_MB, resident);
        Map<String, Double> p99 = options.writers() ? writersP99() : Map.of();
        p99.forEach((name, millis) -> OUT.printf(Locale.ROOT, "writers' p99 during %-30s %7.1f ms%n", name, millis));
        OUT.println(json(resident, p99));
    }

    private void round(int run) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>(contenders.keySet());
        Collections.rotate(names, run);
        for (String name : names) {
            Path target = target();
            long start = System.nanoTime();
            run(name, target);
            double took = (System.nanoTime() - start) / 1e9;
            seconds.computeIfAbsent(name, key -> new ArrayList<>()).add(took);
            bytes.put(name, BenchServer.bytes(target));
            BenchServer.delete(target);
        }
    }

    private void run(String name, Path target) throws IOException, InterruptedException {
        Contender contender = contenders.get(name);
        if (contender == null) {
            throw new IllegalArgumentException(name);
        }
        contender.run(target);
    }

    private Path target() {
        return server.folder().resolve("target" + (++targets));
    }

    private Map<String, Double> writersP99() throws IOException, InterruptedException, SQLException {
        Map<String, Double> p99 = new LinkedHashMap<>();
        for (String name : List.of(ENGINE, PURE_JAVA, PG_DUMP)) {
            if (!contenders.containsKey(name) || name.equals(PURE_JAVA) && contenders.containsKey(ENGINE)) {
                continue;
            }
            List<Double> each = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Path target = target();
                try (Writers writers = new Writers(server.url())) {
                    if (name.equals(PG_DUMP)) {
                        run(name, target);
                    } else {
                        // As the service does it: half of the cores.
                        export(
                                server.url(),
                                target,
                                Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                                false);
                    }
                    each.add(writers.stop99());
                }
                BenchServer.delete(target);
            }
            p99.put(name, median(each));
        }
        return p99;
    }

    private long childResident() throws IOException, InterruptedException {
        Path target = target();
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + CHILD_HEAP_MB + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SnapshotBench.class.getName(),
                        "child",
                        server.url(),
                        target.toString(),
                        Integer.toString(options.workers()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!child.waitFor(30, TimeUnit.MINUTES) || child.exitValue() != 0) {
            throw new IOException("a create with -Xmx" + CHILD_HEAP_MB + "m failed: " + output);
        }
        BenchServer.delete(target);
        return Long.parseLong(
                output.strip().lines().reduce((first, last) -> last).orElse("0"));
    }

    static void export(String url, Path target, int workers, boolean pureJava) throws IOException {
        ArchiveWriter.Finished finished = new PgStateExport(
                        new PgStateExport.Source(url, "postgres", "postgres", null),
                        new DataKeys(MasterKey.of(Base64.getEncoder().encodeToString(new byte[32]))),
                        pureJava)
                .export(
                        target,
                        new BuildRequest("bench", null, "bench", "bench", ArchiveOptions.ALL, workers, true),
                        new BuildProgress());
        if (finished.archiveBytes() != Files.size(target)) {
            throw new IOException("the archive has another size than it says");
        }
    }

    private static long peakResidentMegabytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return -1;
    }

    private String json(long resident, Map<String, Double> p99) {
        String ours = contenders.containsKey(ENGINE) ? ENGINE : PURE_JAVA;
        List<String> fields = new ArrayList<>();
        fields.add("\"bench\":\"snapshot\"");
        fields.add("\"scale\":\"" + options.scaleName() + "\"");
        fields.add("\"files\":" + options.files());
        fields.add("\"runs\":" + options.runs());
        fields.add("\"workers\":" + options.workers());
        fields.add("\"cores\":" + Runtime.getRuntime().availableProcessors());
        fields.add("\"engine\":\"" + (ours.equals(ENGINE) ? "isa-l" : "zlib") + "\"");
        fields.add("\"create_seconds\":" + number(median(seconds.get(ours))));
        fields.add("\"create_vs_pg_dump\":" + ratio(seconds.get(ours), seconds.get(PG_DUMP)));
        fields.add("\"create_java_vs_pg_dump\":" + ratio(seconds.get(PURE_JAVA), seconds.get(PG_DUMP)));
        fields.add("\"create_vs_pg_basebackup\":" + ratio(seconds.get(ours), seconds.get(BASE_BACKUP)));
        fields.add("\"size_vs_pg_dump\":" + ratio(bytes.get(ours), bytes.get(PG_DUMP)));
        fields.add("\"size_vs_pg_basebackup\":" + ratio(bytes.get(ours), bytes.get(BASE_BACKUP)));
        fields.add("\"heap_mb\":" + CHILD_HEAP_MB);
        fields.add("\"resident_mb\":" + resident);
        Double during = p99.get(ours);
        Double duringDump = p99.get(PG_DUMP);
        fields.add("\"writers_p99_vs_pg_dump\":"
                + (during == null || duringDump == null ? "null" : number(during / duringDump)));
        return "{" + String.join(",", fields) + "}";
    }

    private static String ratio(@Nullable List<Double> ours, @Nullable List<Double> theirs) {
        return ours == null || theirs == null ? "null" : number(median(ours) / median(theirs));
    }

    private static String ratio(@Nullable Long ours, @Nullable Long theirs) {
        return ours == null || theirs == null ? "null" : number((double) ours / theirs);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
