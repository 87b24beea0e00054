package io.holdfast.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast executions …}. */
@Command(
        name = "executions",
        description = "Look at executions, start, cancel, resume and delete them.",
        synopsisSubcommandLabel = "VERB")
final class ExecutionsCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "workflow_id",
            "status_display",
            "is_dry_run",
            "deployment_id",
            "created_at",
            "started_at",
            "scheduled_for",
            "error");
    private static final List<String> HISTORY =
            List.of("at", "from", "to", "changed_by", "reason_code", "attempt", "epoch");
    private static final String EXECUTIONS = "/api/v3.1/executions";
    private static final String OWN_EXECUTIONS = "/api/holdfast/v1/executions";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List executions.")
    int list(
            @Mixin DeploymentFilter deployment,
            @Option(names = "--include-system-workflows", description = "Snapshots and restores too.") boolean system,
            @Mixin ListOptions options) {
        String filter = "&_include_system_workflows=" + system + deployment.query();
        return ListCommands.list(cli, "executions", COLUMNS, "created_at", options, filter);
    }

    @Command(name = "get", description = "Show an execution.")
    int get(@Parameters(paramLabel = "EXECUTION_ID") String id) {
        cli.print(cli.client().get(EXECUTIONS + "/" + Client.segment(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "history", description = "Show every change of an execution's status, the first first.")
    int history(
            @Parameters(paramLabel = "EXECUTION_ID") String id,
            @Option(names = "--size", defaultValue = "100", paramLabel = "N", description = "At most so many.")
                    int size) {
        cli.print(
                cli.client()
                        .list(OWN_EXECUTIONS + "/" + Client.segment(id) + "/history?_size=" + size)
                        .items(),
                HISTORY);
        return ExitCode.OK;
    }

    @Command(name = "start", description = "Start a workflow of a deployment, now or at a time.")
    int start(
            @Parameters(paramLabel = "WORKFLOW_ID") String workflow,
            @Option(
                            names = {"-d", "--deployment-id"},
                            required = true,
                            paramLabel = "ID",
                            description = "The deployment.")
                    String deployment,
            @Mixin RunOptions run,
            @Option(names = "--queue", description = "Wait for its turn instead of being refused.") boolean queue,
            @Option(
                            names = "--schedule",
                            paramLabel = "TIME",
                            description = "ISO 8601, or YYYYMMDDHHMM+HHMM: run at that time.")
                    @Nullable
                    String schedule,
            @Option(
                            names = "--priority",
                            paramLabel = "0-9",
                            description = "Higher goes first among what waits; 5 if not given.")
                    @Nullable
                    Integer priority,
            @Option(
                            names = "--concurrency-key",
                            paramLabel = "KEY",
                            description = "Only so many with this key run at once as `limits` says, or one.")
                    @Nullable
                    String concurrencyKey,
            @Option(names = "--wait", description = "Wait until it has ended; fail if it failed.") boolean wait,
            @Option(
                            names = "--timeout",
                            converter = Numbers.Seconds.class,
                            defaultValue = "900",
                            paramLabel = "SECONDS",
                            description = "How long --wait waits; 0 looks once (default: ${DEFAULT-VALUE}).")
                    Duration timeout) {
        Waiting waiting = new Waiting(cli, timeout);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("deployment_id", deployment);
        body.put("workflow_id", workflow);
        body.put("parameters", run.parameters());
        body.put("allow_custom_parameters", run.allowCustomParameters);
        body.put("force", run.force);
        body.put("dry_run", run.dryRun);
        body.put("queue", queue);
        body.put("scheduled_time", schedule);
        if (priority != null) {
            body.put("priority", priority);
        }
        if (concurrencyKey != null) {
            body.put("concurrency_key", concurrencyKey);
        }
        Client client = cli.client();
        Map<String, Object> execution = client.send("POST", EXECUTIONS, body);
        if (wait) {
            String id = String.valueOf(execution.get("id"));
            execution = waiting.until(
                    "execution " + id,
                    () -> client.get(EXECUTIONS + "/" + Client.segment(id)),
                    List.of("terminated"),
                    List.of("failed", "cancelled"));
        }
        cli.print(execution, COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "cancel", description = "Cancel an execution.")
    int cancel(
            @Parameters(paramLabel = "EXECUTION_ID") String id,
            @Option(
                            names = {"-f", "--force"},
                            description = "Do not wait for its worker.")
                    boolean force,
            @Option(
                            names = {"-k", "--kill"},
                            description = "End it at once.")
                    boolean kill) {
        String action = kill ? "kill" : force ? "force-cancel" : "cancel";
        cli.print(cli.client().send("POST", EXECUTIONS + "/" + Client.segment(id), Map.of("action", action)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "resume", description = "Let an execution that failed or was cancelled go on.")
    int resume(
            @Parameters(paramLabel = "EXECUTION_ID") String id,
            @Option(
                            names = {"-f", "--force"},
                            description = "Repeat the operations that failed.")
                    boolean force) {
        cli.print(
                cli.client()
                        .send(
                                "POST",
                                EXECUTIONS + "/" + Client.segment(id),
                                Map.of("action", force ? "force-resume" : "resume")),
                COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete executions that have ended, the oldest first.")
    int delete(
            @Option(names = "--keep-last", paramLabel = "N", description = "All but the last N; at least 1.") @Nullable
                    Integer keepLast,
            @Option(names = "--before", paramLabel = "TIME", description = "Those that were made before it.") @Nullable
                    String before,
            @Mixin DeploymentFilter deployment,
            @Option(names = "--all", description = "All of them, without a limit.") boolean all) {
        if (Stream.of(keepLast != null, before != null, all)
                        .filter(given -> given)
                        .count()
                != 1) {
            throw new CliFailure(ExitCode.USAGE, "say one of --keep-last N, --before TIME and --all");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        if (keepLast != null) {
            body.put("keep_last", keepLast);
        }
        if (before != null) {
            body.put("to_datetime", before);
        }
        Map<String, Object> answer = cli.client()
                .send(
                        "DELETE",
                        deployment.deployment == null
                                ? EXECUTIONS
                                : EXECUTIONS + "?deployment_id=" + Client.segment(deployment.deployment),
                        body);
        List<Map<String, Object>> items = Json.objects(answer.get("items"));
        cli.say("Deleted " + Json.text(items.isEmpty() ? null : items.get(0).get("count")) + " executions");
        return ExitCode.OK;
    }
}
