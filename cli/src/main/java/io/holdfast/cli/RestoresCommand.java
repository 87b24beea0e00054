package io.holdfast.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast restores …}: what restores did, and how to take the last one back. */
@Command(
        name = "restores",
        description = "Look at restores; plan, undo or settle one.",
        synopsisSubcommandLabel = "VERB")
final class RestoresCommand {

    private static final List<String> COLUMNS =
            List.of("id", "snapshot_id", "status", "phase", "requested_at", "ended_at", "undo", "error");
    private static final List<String> DECISION_COLUMNS =
            List.of("execution_id", "tenant_name", "workflow_id", "status_in_snapshot", "scheduled_for", "fate");
    private static final List<String> FACTS = List.of(
            "id",
            "snapshot_id",
            "status",
            "phase",
            "requested_by",
            "requested_at",
            "started_at",
            "ended_at",
            "rows_done",
            "undo",
            "error",
            "hint");
    private static final String RESTORES = "/api/holdfast/v1/restores";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List restores, newest first.")
    int list() {
        List<Map<String, Object>> restores = cli.client().list(RESTORES).items();
        if (!cli.json) {
            restores.forEach(RestoresCommand::tellPlans);
        }
        cli.print(restores, COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Show a restore: its progress, counts, warnings and decisions.")
    int get(@Parameters(paramLabel = "RESTORE_ID") String id) {
        Map<String, Object> restore = cli.client().get(RESTORES + "/" + Client.segment(id));
        if (cli.json) {
            cli.out().println(Json.pretty(restore));
            return ExitCode.OK;
        }
        tellPlans(restore);
        for (String fact : FACTS) {
            if (!Json.text(restore.get(fact)).isEmpty()) {
                cli.out().printf("%-12s  %s%n", fact, Json.text(restore.get(fact)));
            }
        }
        Table counts = new Table(List.of("table", "rows"));
        Json.object(restore.get("counts")).forEach((table, rows) -> counts.row(Map.of("table", table, "rows", rows)));
        if (!counts.isEmpty()) {
            cli.out().print(counts);
        }
        warnings(restore).forEach(warning -> cli.out().println("warning: " + warning));
        printDecisions(cli, restore);
        return ExitCode.OK;
    }

    @Command(name = "plan", description = "Show what a restore would do, without doing it.")
    int plan(
            @Parameters(paramLabel = "SNAPSHOT_ID") String snapshotId,
            @Option(
                            names = {"-f", "--force"},
                            description = "As `snapshots restore --force` would.")
                    boolean force) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("snapshot_id", snapshotId);
        body.put("force", force);
        return plan(cli, body);
    }

    /** A plan is a restore that was taken back: "completed" would look as if the state had been replaced. */
    private static void tellPlans(Map<String, Object> restore) {
        if (Boolean.TRUE.equals(restore.get("dry_run"))) {
            restore.put("status", restore.get("status") + " (plan)");
        }
    }

    /** Asks for a plan and shows it; {@link ExitCode#REFUSED} if that restore would be refused. */
    static int plan(Cli cli, Map<String, Object> body) {
        Map<String, Object> plan = cli.client().send("POST", RESTORES + "/plan", body);
        List<Map<String, Object>> refusals = Json.objects(plan.get("refusals"));
        int exitCode = refusals.isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
        if (cli.json) {
            cli.out().println(Json.pretty(plan));
            return exitCode;
        }
        Object id = body.get("snapshot_id");
        cli.out().println("Snapshot " + id + (refusals.isEmpty() ? " can be restored" : " cannot be restored"));
        for (Map<String, Object> refusal : refusals) {
            cli.out().println("refused: " + Json.text(refusal.get("message")));
            if (refusal.get("hint") != null) {
                cli.out().println("         " + refusal.get("hint"));
            }
        }
        texts(plan.get("replaces")).forEach(held -> cli.out().println("replaces: " + held));
        Map<String, Object> rehearsal = Json.object(plan.get("restore"));
        warnings(rehearsal).forEach(warning -> cli.out().println("warning: " + warning));
        printDecisions(cli, rehearsal);
        return exitCode;
    }

    @Command(name = "undo", description = "Make the state from before a restore live again.")
    int undo(@Parameters(paramLabel = "RESTORE_ID") String id) {
        return settle(id, "undo", "The state from before restore " + id + " is live again");
    }

    @Command(name = "discard", description = "Drop the state that is kept for undo.")
    int discard(@Parameters(paramLabel = "RESTORE_ID") String id) {
        return settle(id, "discard", "The state from before restore " + id + " is dropped");
    }

    private int settle(String id, String action, String done) {
        Map<String, Object> state = cli.client().send("POST", RESTORES + "/" + Client.segment(id) + "/" + action, null);
        cli.say(done);
        if (cli.json) {
            cli.out().println(Json.pretty(state));
        }
        return ExitCode.OK;
    }

    /** What became, or would become, of executions that had not ended. */
    static void printDecisions(Cli cli, Map<String, Object> restore) {
        List<Map<String, Object>> decisions = Json.objects(restore.get("decisions"));
        if (!decisions.isEmpty()) {
            Table table = new Table(DECISION_COLUMNS);
            decisions.forEach(table::row);
            cli.out().print(table);
        }
    }

    static List<String> warnings(Map<String, Object> restore) {
        return texts(restore.get("warnings"));
    }

    private static List<String> texts(@Nullable Object list) {
        List<String> texts = new ArrayList<>();
        if (list instanceof List<?> items) {
            items.forEach(item -> texts.add(Json.text(item)));
        }
        return texts;
    }
}
