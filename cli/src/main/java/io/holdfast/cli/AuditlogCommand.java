package io.holdfast.cli;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast auditlog …}: who changed what. */
@Command(
        name = "auditlog",
        description = "Look at who changed what, and forget old entries. For administrators.",
        synopsisSubcommandLabel = "VERB")
final class AuditlogCommand {

    private static final String AUDIT = "/api/v3.1/audit";

    private static final List<String> COLUMNS = List.of(
            "created_at",
            "creator_name",
            "operation",
            "ref_table",
            "ref_id",
            "tenant_name",
            "execution_id",
            "status",
            "address");

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List entries, the oldest first.")
    int list(
            @Option(
                            names = {"-c", "--creator-name"},
                            paramLabel = "USER",
                            description = "Of this user only.")
                    @Nullable
                    String creator,
            @Option(
                            names = {"-e", "--execution-id"},
                            paramLabel = "ID",
                            description = "Made by this execution only.")
                    @Nullable
                    String execution,
            @Option(
                            names = {"-i", "--since"},
                            paramLabel = "TIME",
                            description = "From this moment on.")
                    @Nullable
                    String since,
            @Option(names = "--tz", paramLabel = "ZONE", description = "Zone of the time; else this computer's.")
                    @Nullable
                    String zone,
            @Option(names = "--sort-by", paramLabel = "FIELD", description = "Sort by this field; else by time.")
                    @Nullable
                    String sortBy,
            @Option(names = "--descending", description = "The greatest first.") boolean descending,
            @Option(
                            names = {"-o", "--pagination-offset"},
                            defaultValue = "0",
                            paramLabel = "N",
                            description = "Skip as many; at least 0.")
                    int offset,
            @Option(
                            names = {"-s", "--pagination-size"},
                            defaultValue = "1000",
                            paramLabel = "N",
                            description = "Show at most as many; 0 for all.")
                    int size) {
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("creator_name", creator);
        query.put("execution_id", execution);
        query.put("since", When.wire(since, zone, now()));
        query.put("order_by", sortBy);
        query.put("desc", descending);
        query.put("offset", offset);
        query.put("size", size);
        Client.Page page = cli.client().list(AUDIT + text(query));
        cli.print(page.items(), COLUMNS);
        cli.say("Showing " + page.items().size() + " of " + page.total() + " audit log entries");
        return ExitCode.OK;
    }

    @Command(name = "truncate", description = "Forget entries from before a moment.")
    int truncate(
            @Option(
                            names = {"-b", "--before"},
                            required = true,
                            paramLabel = "TIME",
                            description = "Forget what is older; `now` for everything.")
                    String before,
            @Option(names = "--tz", paramLabel = "ZONE", description = "Zone of the time; else this computer's.")
                    @Nullable
                    String zone,
            @Option(
                            names = {"-c", "--creator-name"},
                            paramLabel = "USER",
                            description = "Of this user only.")
                    @Nullable
                    String creator,
            @Option(
                            names = {"-e", "--execution-id"},
                            paramLabel = "ID",
                            description = "Made by this execution only.")
                    @Nullable
                    String execution) {
        Instant now = now();
        Map<String, @Nullable Object> query = new LinkedHashMap<>();
        query.put("before", before.equals("now") ? now.toString() : When.wire(before, zone, now));
        query.put("creator_name", creator);
        query.put("execution_id", execution);
        Map<String, Object> answer = cli.client().send("DELETE", AUDIT + text(query), null);
        cli.say(Json.text(answer.get("deleted")) + " audit log entries have been truncated");
        return ExitCode.OK;
    }

    private static Instant now() {
        return Clock.systemUTC().instant();
    }

    private static String text(Map<String, @Nullable Object> query) {
        StringJoiner text = new StringJoiner("&", "?", "");
        query.forEach((name, value) -> {
            if (value != null) {
                text.add(name + "=" + Client.segment(value.toString()));
            }
        });
        return text.toString();
    }
}
