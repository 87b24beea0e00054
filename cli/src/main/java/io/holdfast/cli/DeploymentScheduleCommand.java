package io.holdfast.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast deployments schedule …}: the verbs and flags of the manager's own command line. */
@Command(
        name = "schedule",
        description = "Make, change and look at a deployment's schedules.",
        synopsisSubcommandLabel = "VERB")
final class DeploymentScheduleCommand {

    static final List<String> COLUMNS = List.of(
            "id",
            "deployment_id",
            "workflow_id",
            "enabled",
            "since",
            "until",
            "time_zone",
            "next_occurrence",
            "latest_execution_status",
            "pause_note");

    private static final String SCHEDULES = "/api/v3.1/execution-schedules";

    @ParentCommand
    DeploymentsCommand deployments;

    private Cli cli() {
        return deployments.cli;
    }

    static String path(String base, String id, String deployment) {
        return base + "/" + Client.segment(id) + "?deployment_id=" + Client.segment(deployment);
    }

    @Command(name = "create", description = "Run a workflow again and again, or once at a time.")
    int create(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "WORKFLOW_ID") String workflow,
            @Option(
                            names = {"-n", "--schedule-name"},
                            paramLabel = "NAME",
                            description = "Its id; else DEPLOYMENT_WORKFLOW.")
                    @Nullable
                    String name,
            @Mixin RunOptions run,
            @Mixin ScheduleOptions options) {
        if (options.since == null) {
            throw new CliFailure(
                    ExitCode.USAGE, "a schedule needs a begin: --since \"2026-12-31 23:59\", or --since \"+1 hour\"");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("workflow_id", workflow);
        body.put(
                "execution_arguments",
                Map.of(
                        "allow_custom_parameters",
                        run.allowCustomParameters,
                        "force",
                        run.force,
                        "dry_run",
                        run.dryRun));
        body.put("parameters", run.parameters());
        body.putAll(options.body(now()));
        if (options.recurrence == null && options.rrule == null && options.cron == null && options.count == null) {
            body.put("count", 1);
        }
        String id = name == null ? deployment + "_" + workflow : name;
        cli().print(cli().client().send("PUT", path(SCHEDULES, id, deployment), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "update", description = "Change a schedule; what is not given stays.")
    int update(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id,
            @Option(
                            names = {"-w", "--workflow-id"},
                            paramLabel = "ID",
                            description = "Another workflow.")
                    @Nullable
                    String workflow,
            @Mixin ScheduleOptions options) {
        Map<String, Object> body = options.body(now());
        if (workflow != null) {
            body.put("workflow_id", workflow);
        }
        cli().print(cli().client().patch(path(SCHEDULES, id, deployment), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "enable", description = "Let a schedule go on with the next occurrence that is still to come.")
    int enable(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id) {
        return enabled(deployment, id, true);
    }

    @Command(name = "disable", description = "Pause a schedule.")
    int disable(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id) {
        return enabled(deployment, id, false);
    }

    private int enabled(String deployment, String id, boolean enabled) {
        cli().print(cli().client().patch(path(SCHEDULES, id, deployment), Map.of("enabled", enabled)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Remove a schedule and its history.")
    int delete(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id) {
        cli().client().send("DELETE", path(SCHEDULES, id, deployment), null);
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List schedules.")
    int list(@Mixin DeploymentFilter deployment, @Mixin ListOptions options) {
        return ListCommands.list(cli(), "execution-schedules", COLUMNS, "created_at", options, deployment.query());
    }

    @Command(name = "get", description = "Show a schedule.")
    int get(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String deployment,
            @Parameters(paramLabel = "SCHEDULE_ID") String id,
            @Option(names = "--preview", paramLabel = "N", description = "Its next N occurrences as well.") @Nullable
                    Integer preview) {
        Map<String, Object> schedule = cli().client().get(path(SCHEDULES, id, deployment));
        if (preview == null) {
            cli().print(schedule, COLUMNS);
            return ExitCode.OK;
        }
        List<Map<String, Object>> occurrences = SchedulesCommand.occurrences(cli(), id, deployment, preview);
        if (cli().json) {
            Map<String, Object> both = new LinkedHashMap<>(schedule);
            both.put("preview", occurrences);
            cli().out().println(Json.pretty(both));
        } else {
            cli().print(schedule, COLUMNS);
            cli().print(occurrences, SchedulesCommand.PREVIEW);
        }
        return ExitCode.OK;
    }

    @Command(name = "summary", description = "Count schedules by a field.")
    int summary(
            @Parameters(paramLabel = "FIELD", description = "deployment_id, workflow_id, tenant_name or visibility.")
                    String field,
            @Parameters(arity = "0..1", paramLabel = "SUB_FIELD", description = "And by another within it.") @Nullable
                    String sub) {
        String path = "/api/v3.1/summary/execution_schedules?_target_field=" + Client.segment(field)
                + (sub == null ? "" : "&_sub_field=" + Client.segment(sub));
        List<Map<String, Object>> items = cli().client().list(path).items();
        if (sub == null || cli().json) {
            cli().print(items, List.of(field, "execution_schedules"));
            return ExitCode.OK;
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Map<String, Object> item : items) {
            for (Map<String, Object> part : Json.objects(item.get("by " + sub))) {
                Map<String, Object> line = new LinkedHashMap<>(part);
                line.put(field, item.get(field));
                lines.add(line);
            }
        }
        cli().print(lines, List.of(field, sub, "execution_schedules"));
        return ExitCode.OK;
    }

    /** The computer's own clock: what "+1 month" is said by. */
    private static Instant now() {
        return java.time.Clock.systemUTC().instant();
    }
}
