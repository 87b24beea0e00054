package io.holdfast.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * CPU time of the processes that dispatch, since each began. It says where the work is on a machine too busy for times by the clock to
 * mean anything.
 *
 * @param broker all Erlang machines below this process
 * @param database PostgreSQL's processes that are there now
 * @param manager the manager's JVM
 */
record CpuTimes(Duration broker, Duration database, Duration manager) {

    static CpuTimes now(Path postmasterPid, long managerPid) throws IOException {
        ProcessHandle postmaster = Files.exists(postmasterPid)
                ? ProcessHandle.of(Long.parseLong(
                                Files.readAllLines(postmasterPid).get(0).strip()))
                        .orElse(null)
                : null;
        return new CpuTimes(
                sum(ProcessHandle.current()
                        .descendants()
                        .filter(process -> process.info().command().orElse("").endsWith("beam.smp"))),
                postmaster == null ? Duration.ZERO : sum(postmaster.children()),
                sum(ProcessHandle.of(managerPid).stream()));
    }

    CpuTimes minus(CpuTimes before) {
        return new CpuTimes(
                broker.minus(before.broker), database.minus(before.database), manager.minus(before.manager));
    }

    /** Microseconds for each of {@code count}. */
    String perOne(int count) {
        return String.format(
                Locale.ROOT,
                "broker %.0f, database %.0f, manager %.0f",
                micros(broker) / count,
                micros(database) / count,
                micros(manager) / count);
    }

    /** All of it; a process that ended meanwhile counts for nothing. */
    Duration busy() {
        return Stream.of(broker, database, manager)
                .filter(time -> !time.isNegative())
                .reduce(Duration.ZERO, Duration::plus);
    }

    static double micros(Duration time) {
        return time.toNanos() / 1e3;
    }

    private static Duration sum(Stream<ProcessHandle> processes) {
        return processes
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }
}
