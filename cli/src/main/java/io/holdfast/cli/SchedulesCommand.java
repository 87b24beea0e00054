package io.holdfast.cli;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast schedules …}: previews, history, pausing and backfills, which the manager's own command line has no word for. */
@Command(
        name = "schedules",
        description = "Preview schedules, see what became of their occurrences, pause and backfill them.",
        synopsisSubcommandLabel = "VERB")
final class SchedulesCommand {

    private static final String SCHEDULES = "/api/holdfast/v1/schedules";
    static final List<String> PREVIEW = List.of("at", "local", "time_zone", "skipped", "note");
    private static final List<String> RUNS =
            List.of("occurrence_at", "outcome", "reason", "execution_id", "backfill", "lateness_ms", "detail");

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List schedules.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(
                cli, "execution-schedules", DeploymentScheduleCommand.COLUMNS, "created_at", options, "");
    }

    @Command(
            name = "preview",
            description =
                    "Show when a schedule will occur, or with a rule instead of a schedule when such a one would.")
    int preview(
            @Parameters(arity = "0..1", paramLabel = "DEPLOYMENT_ID") @Nullable String deployment,
            @Parameters(arity = "0..1", paramLabel = "SCHEDULE_ID") @Nullable String id,
            @Option(names = "--next", defaultValue = "10", paramLabel = "N", description = "How many; 10 if not given.")
                    int next,
            @Mixin ScheduleOptions options) {
        if (deployment != null && id != null) {
            cli.print(occurrences(cli, id, deployment, next), PREVIEW);
            return ExitCode.OK;
        }
        if (deployment != null) {
            throw new CliFailure(
                    ExitCode.USAGE, "name a deployment and its schedule, or give --rrule, --cron or --recurrence");
        }
        Map<String, Object> body = options.body(Clock.systemUTC().instant());
        body.put("next", next);
        cli.print(
                Json.objects(
                        cli.client().send("POST", SCHEDULES + "/preview", body).get("items")),
                PREVIEW);
        return ExitCode.OK;
    }

    static List<Map<String, Object>> occurrences(Cli cli, String id, String deployment, int next) {
        String path = SCHEDULES + "/" + Client.segment(id) + "/preview?deployment_id=" + Client.segment(deployment);
        return Json.objects(cli.client().get(path + "&next=" + next).get("items"));
    }

    @Command(name = "runs", description = "Show what became of a schedule's occurrences, the latest first.")
    int runs(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id,
            @Option(
                            names = "--outcome",
                            paramLabel = "OUTCOME",
                            description = "Only started, queued, skipped, missed or failed ones.")
                    @Nullable
                    String outcome,
            @Option(names = "--size", defaultValue = "100", paramLabel = "N", description = "At most so many.")
                    int size) {
        String path = SCHEDULES + "/" + Client.segment(id) + "/runs?deployment_id=" + Client.segment(deployment)
                + "&_size=" + size + (outcome == null ? "" : "&outcome=" + Client.segment(outcome));
        cli.print(cli.client().list(path).items(), RUNS);
        return ExitCode.OK;
    }

    @Command(name = "pause", description = "Let a schedule not occur for a while.")
    int pause(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id,
            @Option(names = "--note", paramLabel = "TEXT", description = "Why, for who wonders later.") @Nullable
                    String note) {
        cli.print(
                act("pause", deployment, id, note == null ? Map.of() : Map.of("note", note)),
                DeploymentScheduleCommand.COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "resume", description = "Let it go on with the next occurrence that is still to come.")
    int resume(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id) {
        cli.print(act("resume", deployment, id, Map.of()), DeploymentScheduleCommand.COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "trigger", description = "Start now what the schedule starts.")
    int trigger(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id) {
        cli.print(act("trigger", deployment, id, Map.of()), RUNS);
        return ExitCode.OK;
    }

    @Command(
            name = "backfill",
            description = "Run the occurrences of a time that has passed; those that were run are left alone.")
    int backfill(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id,
            @Option(names = "--from", required = true, paramLabel = "TIME", description = "The first moment.")
                    String from,
            @Option(names = "--to", required = true, paramLabel = "TIME", description = "The last moment.") String to,
            @Option(names = "--tz", paramLabel = "ZONE", description = "Zone of these times; else this computer's.")
                    @Nullable
                    String zone,
            @Option(
                            names = "--overlap",
                            paramLabel = "POLICY",
                            description = "skip, queue_one, queue_all, cancel_other or allow; queue_all if not given.")
                    @Nullable
                    String overlap) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("from", When.wire(from, zone, Clock.systemUTC().instant()));
        body.put("to", When.wire(to, zone, Clock.systemUTC().instant()));
        if (overlap != null) {
            body.put("overlap", overlap);
        }
        Map<String, Object> answer = act("backfill", deployment, id, body);
        if (cli.json) {
            cli.out().println(Json.pretty(answer));
        } else if (answer.get("occurrences") instanceof List<?> occurrences) {
            cli.out()
                    .println("Backfilled " + occurrences.size() + " occurrences; see `schedules runs " + deployment
                            + " " + id + "`");
        }
        return ExitCode.OK;
    }

    private Map<String, Object> act(String action, String deployment, String id, Map<String, Object> body) {
        String path =
                SCHEDULES + "/" + Client.segment(id) + "/" + action + "?deployment_id=" + Client.segment(deployment);
        return cli.client().send("POST", path, body);
    }
}
