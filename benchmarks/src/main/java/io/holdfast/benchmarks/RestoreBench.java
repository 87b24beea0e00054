package io.holdfast.benchmarks;

import io.holdfast.contracts.keys.MasterKey;
import io.holdfast.restore.loading.LoadOptions;
import io.holdfast.restore.loading.Progress;
import io.holdfast.restore.loading.storage.HoldfastLoader;
import io.holdfast.restore.loading.storage.OwnerDatabase;
import io.holdfast.restore.staging.Phases;
import io.holdfast.restore.staging.storage.PgStateStaging;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./holdfast bench restore}: how fast an archive is staged, indexed and verified beside the live state, against pg_restore -j2 of
 * the same state into an empty database, in turns. The swap itself is a transaction of milliseconds and is left out.
 */
final class RestoreBench {

    private static final PrintStream OUT = System.out;

    private final BenchServer server;
    private final BenchOptions options;

    RestoreBench(BenchServer server, BenchOptions options) {
        this.server = server;
        this.options = options;
    }

    void measure() throws IOException, InterruptedException, SQLException {
        OUT.printf(Locale.ROOT, "generating a state of scale %s%n", options.scaleName());
        BenchState.generate(server.url(), options);
        Path archive = server.folder().resolve("archive.zip");
        SnapshotBench.export(server.url(), archive, options.workers(), false);
        Path dump = server.folder().resolve("dump");
        if (server.hasPeers()) {
            server.client("pg_dump", "-Fd", "-j2", "-Z6", "-f", dump.toString(), "postgres");
        }
        PgStateStaging staging = new PgStateStaging(
                new OwnerDatabase(server.url(), "postgres", "postgres"),
                MasterKey.of(Base64.getEncoder().encodeToString(new byte[32])),
                List.of(new HoldfastLoader()),
                Clock.systemUTC()::instant);
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int run = -1; run < options.runs(); run++) {
            if (run % 2 == 0 && server.hasPeers()) {
                theirs.add(pgRestore(dump));
            }
            double took = stage(staging, archive);
            if (run >= 0) {
                ours.add(took);
            }
            if (run > 0 && run % 2 != 0 && server.hasPeers()) {
                theirs.add(pgRestore(dump));
            }
        }
        report(ours, theirs, Files.size(archive));
    }

    private double stage(PgStateStaging staging, Path archive) {
        LoadOptions load = new LoadOptions(null, false, false, false, null, options.workers());
        long start = System.nanoTime();
        staging.stage("bench", archive, load, Progress.NONE, Phases.NONE);
        double took = (System.nanoTime() - start) / 1e9;
        staging.discard();
        return took;
    }

    private double pgRestore(Path dump) throws IOException, InterruptedException {
        server.client("createdb", "restored");
        long start = System.nanoTime();
        server.client("pg_restore", "-j2", "-d", "restored", dump.toString());
        double took = (System.nanoTime() - start) / 1e9;
        server.client("dropdb", "restored");
        return took;
    }

    private void report(List<Double> ours, List<Double> theirs, long archiveBytes) {
        print("holdfast, staged and verified", ours);
        if (!theirs.isEmpty()) {
            print("pg_restore -j2", theirs);
        }
        OUT.println(String.format(
                Locale.ROOT,
                "{\"bench\":\"restore\",\"scale\":\"%s\",\"files\":%b,\"runs\":%d,\"workers\":%d,\"cores\":%d,\"archive_bytes\":%d,"
                        + "\"restore_seconds\":%.3f,\"restore_vs_pg_restore\":%s}",
                options.scaleName(),
                options.files(),
                options.runs(),
                options.workers(),
                Runtime.getRuntime().availableProcessors(),
                archiveBytes,
                SnapshotBench.median(ours),
                theirs.isEmpty()
                        ? "null"
                        : String.format(
                                Locale.ROOT, "%.3f", SnapshotBench.median(ours) / SnapshotBench.median(theirs))));
    }

    private static void print(String name, List<Double> times) {
        OUT.printf(
                Locale.ROOT,
                "%-30s median %7.2f s  (%.2f to %.2f)%n",
                name,
                SnapshotBench.median(times),
                times.stream().min(Double::compare).orElseThrow(),
                times.stream().max(Double::compare).orElseThrow());
    }
}
