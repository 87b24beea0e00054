package io.holdfast.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Verbs that list and show entities. */
final class ListCommands {

    private ListCommands() {}

    static int list(
            Cli cli, String resource, List<String> columns, String defaultSort, ListOptions options, String filter) {
        Client.Page page = cli.client().list("/api/v3.1/" + resource + options.query(defaultSort) + filter);
        cli.print(page.items(), columns);
        cli.say("Showing " + page.items().size() + " of " + page.total() + " " + resource);
        return ExitCode.OK;
    }

    /** {@code holdfast events …}. */
    @Command(
            name = "events",
            description = "Look at events and logs; publish the manager's own events again.",
            synopsisSubcommandLabel = "VERB")
    static final class Events {
        @ParentCommand
        Cli cli;

        @Command(name = "list", description = "List events and logs.")
        int list(
                @Mixin ListOptions options,
                @Option(
                                names = {"-e", "--execution-id"},
                                paramLabel = "ID",
                                description = "Of this execution only.")
                        @Nullable
                        String execution) {
            return ListCommands.list(
                    cli,
                    "events",
                    List.of(
                            "reported_timestamp",
                            "type",
                            "event_type",
                            "level",
                            "deployment_id",
                            "workflow_id",
                            "message"),
                    "reported_timestamp",
                    options,
                    execution == null ? "" : "&execution_id=" + Client.segment(execution));
        }

        @Command(
                name = "replay",
                description = "Publish events of the last day again, to one queue or to all that listen.")
        int replay(
                @Option(names = "--from", required = true, paramLabel = "TIME", description = "The first moment.")
                        String from,
                @Option(names = "--to", paramLabel = "TIME", description = "The moment before which all are; else now.")
                        @Nullable
                        String to,
                @Option(names = "--tz", paramLabel = "ZONE", description = "Zone of these times; else this computer's.")
                        @Nullable
                        String zone,
                @Option(names = "--queue", paramLabel = "QUEUE", description = "Only to this queue.") @Nullable
                        String queue,
                @Option(names = "--type", paramLabel = "TYPE", description = "Of this wire name only.") @Nullable
                        String type,
                @Option(
                                names = "--aggregate-id",
                                paramLabel = "ID",
                                description = "About this execution, snapshot, … only.")
                        @Nullable
                        String aggregate,
                @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant only.") @Nullable
                        String tenant,
                @Option(names = "--service", paramLabel = "NAME", description = "Published by this service only.")
                        @Nullable
                        String service,
                @Option(
                                names = "--limit",
                                defaultValue = "10000",
                                paramLabel = "N",
                                description = "Refuse to publish more than these.")
                        int limit,
                @Option(names = "--dry-run", description = "Only count them.") boolean dryRun) {
            Instant now = Clock.systemUTC().instant();
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("from", When.instant(from, zone, now));
            body.put("to", When.instant(to, zone, now));
            body.put("queue", queue);
            body.put("type", type);
            body.put("aggregate_id", aggregate);
            body.put("tenant_name", tenant);
            body.put("service", service);
            body.put("limit", limit);
            body.put("dry_run", dryRun);
            body.values().removeIf(Objects::isNull);
            Map<String, Object> answer = cli.client().send("POST", "/api/holdfast/v1/events/replay", body);
            if (cli.json) {
                cli.out().println(Json.pretty(answer));
            }
            cli.say(Json.text(answer.get("count")) + " events "
                    + (dryRun ? "would be published again" : "published again") + ", "
                    + Json.text(answer.get("refused")) + " of them refused");
            return ExitCode.OK;
        }
    }
}
