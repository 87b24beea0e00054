package io.holdfast.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            List.of("id", "snapshot_id", "status", "phase", "requested_at", "ended_at", "error");
    private static final String RESTORES = "/api/holdfast/v1/restores";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List restores, newest first.")
    int list() {
        cli.print(cli.client().list(RESTORES).items(), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Show a restore: its progress, counts, warnings and decisions.")
    int get(@Parameters(paramLabel = "RESTORE_ID") String id) {
        cli.out().println(Json.pretty(cli.client().get(RESTORES + "/" + Client.segment(id))));
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
        cli.out().println(Json.pretty(cli.client().send("POST", RESTORES + "/plan", body)));
        return ExitCode.OK;
    }

    @Command(name = "undo", description = "Make the state from before a restore live again.")
    int undo(@Parameters(paramLabel = "RESTORE_ID") String id) {
        cli.client().send("POST", RESTORES + "/" + Client.segment(id) + "/undo", null);
        cli.say("The state from before restore " + id + " is live again");
        return ExitCode.OK;
    }

    @Command(name = "discard", description = "Drop the state that is kept for undo.")
    int discard(@Parameters(paramLabel = "RESTORE_ID") String id) {
        cli.client().send("POST", RESTORES + "/" + Client.segment(id) + "/discard", null);
        cli.say("The state from before restore " + id + " is dropped");
        return ExitCode.OK;
    }

    static List<String> warnings(Map<String, Object> restore) {
        List<String> texts = new ArrayList<>();
        if (restore.get("warnings") instanceof List<?> warnings) {
            warnings.forEach(warning -> texts.add(Json.text(warning)));
        }
        return texts;
    }
}
