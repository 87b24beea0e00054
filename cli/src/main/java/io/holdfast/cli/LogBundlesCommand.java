package io.holdfast.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast log-bundles …}: the verbs, argument order and flags of the manager's own command line. */
@Command(
        name = "log-bundles",
        description = "Create and download what is needed to look for a fault.",
        synopsisSubcommandLabel = "VERB")
final class LogBundlesCommand {

    private static final String BUNDLES = "/api/v3.1/log-bundles/";

    @ParentCommand
    Cli cli;

    @Command(
            name = "create",
            description =
                    "Create a log bundle: logs, settings without secrets, status and database facts of all nodes that answer.")
    int create(
            @Parameters(
                            paramLabel = "LOG_BUNDLE_ID",
                            arity = "0..1",
                            description = "Default: log_bundle- and the time.")
                    @Nullable
                    String id,
            @Option(names = "--queue", description = "Taken for compatibility; a log bundle waits for nothing.")
                    boolean queue,
            @Option(
                            names = {"--wait", "--wait-for-status"},
                            description = "Wait until the log bundle is created.")
                    boolean wait,
            @Option(
                            names = "--timeout",
                            converter = Numbers.Seconds.class,
                            defaultValue = "600",
                            paramLabel = "SECONDS",
                            description = "How long --wait waits; 0 looks once (default: ${DEFAULT-VALUE}).")
                    Duration timeout) {
        Waiting waiting = new Waiting(cli, timeout);
        String bundleId = id != null ? id : Cli.idOfNow("log_bundle-");
        Client client = cli.client();
        String path = BUNDLES + Client.segment(bundleId);
        Map<String, Object> execution = client.send("PUT", path, Map.of("queue", queue));
        if (!wait) {
            cli.say("Creating log bundle " + bundleId + "; execution " + execution.get("id"));
            if (cli.json) {
                cli.out().println(Json.pretty(execution));
            }
            return ExitCode.OK;
        }
        waiting.until("log bundle " + bundleId, () -> client.get(path), List.of("created"), List.of("failed"));
        cli.print(client.get(path), SnapshotsCommand.COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List log bundles.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "log-bundles", SnapshotsCommand.COLUMNS, "created_at", options, "");
    }

    @Command(name = "get", description = "Show a log bundle.")
    int get(@Parameters(paramLabel = "LOG_BUNDLE_ID") String id) {
        cli.print(cli.client().get(BUNDLES + Client.segment(id)), SnapshotsCommand.COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "download", description = "Download a log bundle.")
    int download(
            @Parameters(paramLabel = "LOG_BUNDLE_ID") String id,
            @Option(
                            names = {"-o", "--output-path"},
                            paramLabel = "PATH",
                            description = "File or directory (default: LOG_BUNDLE_ID.zip here).")
                    @Nullable
                    Path output) {
        Path target = Cli.downloadTarget(output, id + ".zip");
        long bytes = cli.client()
                .download(BUNDLES + Client.segment(id) + "/archive", target.toAbsolutePath(), cli.progress(id, -1));
        cli.downloaded(target, bytes);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a log bundle.")
    int delete(@Parameters(paramLabel = "LOG_BUNDLE_ID") String id) {
        Map<String, Object> deleted = cli.client().send("DELETE", BUNDLES + Client.segment(id), null);
        cli.say("Log bundle " + id + " deleted");
        if (cli.json) {
            cli.out().println(Json.pretty(deleted));
        }
        return ExitCode.OK;
    }
}
