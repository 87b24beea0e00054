package io.holdfast.cli;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a schedule occurs and what happens then: the flags of {@code schedule create} and {@code update}, and of previews. */
final class ScheduleOptions {

    @Option(
            names = {"-s", "--since"},
            paramLabel = "TIME",
            description = "Its begin: 2026-12-31 23:59, or +1 month.")
    @Nullable
    String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Its end. Not -u: that is the user here.")
    @Nullable
    String until;

    @Option(
            names = "--tz",
            paramLabel = "ZONE",
            description =
                    "IANA zone that the schedule follows and that its times are given in; without it the schedule follows UTC,"
                            + " and times are those of this computer.")
    @Nullable
    String zone;

    @Option(
            names = {"-r", "--recurrence"},
            paramLabel = "N UNIT",
            description = "2 days, 1 month, ...")
    @Nullable
    String recurrence;

    @Option(
            names = {"-c", "--count"},
            paramLabel = "N",
            description = "Occurrences in all.")
    @Nullable
    Integer count;

    @Option(names = "--weekdays", paramLabel = "DAYS", description = "MO,TH; with months or years also 2MO and L-FR.")
    @Nullable
    String weekdays;

    @Option(names = "--rrule", paramLabel = "RULE", description = "A rule of RFC 5545 instead of a recurrence.")
    @Nullable
    String rrule;

    @Option(names = "--cron", paramLabel = "EXPRESSION", description = "A cron expression instead of a recurrence.")
    @Nullable
    String cron;

    @Option(names = "--dst-gap", paramLabel = "POLICY", description = "shift or skip what the clocks leave out.")
    @Nullable
    String gap;

    @Option(names = "--dst-overlap", paramLabel = "POLICY", description = "first, second or both of what comes twice.")
    @Nullable
    String dstOverlap;

    @Option(
            names = "--slip",
            paramLabel = "MINUTES",
            description = "An occurrence may be late by so much, and a minute.")
    @Nullable
    Integer slip;

    @Option(names = "--stop-on-fail", description = "Pause it when its latest execution has failed.")
    boolean stopOnFail;

    @Option(names = "--no-stop-on-fail", description = "Take --stop-on-fail back.")
    boolean noStopOnFail;

    @Option(
            names = "--overlap",
            paramLabel = "POLICY",
            description = "While another runs: skip, queue_one, queue_all, cancel_other, allow.")
    @Nullable
    String overlap;

    @Option(names = "--catch-up", paramLabel = "POLICY", description = "What is too late: skip, once, all, fail.")
    @Nullable
    String catchUp;

    @Option(names = "--catch-up-limit", paramLabel = "N", description = "The most that --catch-up all makes up for.")
    @Nullable
    Integer catchUpLimit;

    @Option(names = "--jitter", paramLabel = "SECONDS", description = "Start up to so much later.")
    @Nullable
    Integer jitter;

    @Option(names = "--priority", paramLabel = "0-9", description = "The higher goes first.")
    @Nullable
    Integer priority;

    @Option(
            names = "--concurrency-key",
            paramLabel = "KEY",
            description = "Its executions share the limit of this key.")
    @Nullable
    String concurrencyKey;

    /** What was given, with the names of the API. */
    Map<String, Object> body(Instant now) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("since", When.wire(since, zone, now));
        all.put("until", When.wire(until, zone, now));
        all.put("time_zone", zone == null ? null : When.zone(zone).getId());
        all.put("recurrence", recurrence);
        all.put("count", count);
        all.put("weekdays", weekdays == null ? null : days(weekdays));
        all.put("rrule", rrule);
        all.put("cron", cron);
        all.put("dst_gap", gap);
        all.put("dst_overlap", dstOverlap);
        all.put("slip", slip);
        all.put("stop_on_fail", stopOnFail ? Boolean.TRUE : noStopOnFail ? Boolean.FALSE : null);
        all.put("overlap", overlap);
        all.put("catch_up", catchUp);
        all.put("catch_up_limit", catchUpLimit);
        all.put("jitter_seconds", jitter);
        all.put("priority", priority);
        all.put("concurrency_key", concurrencyKey);
        Map<String, Object> given = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            if (value != null) {
                given.put(name, value);
            }
        });
        return given;
    }

    private static List<String> days(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).toList();
    }
}
