package io.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast dead-letters …}: messages that no service could take, and what is to become of them. */
@Command(
        name = "dead-letters",
        description = "Look at messages that could not be handled; replay or discard them.",
        synopsisSubcommandLabel = "VERB")
final class DeadLettersCommand {

    private static final String LETTERS = "/api/holdfast/v1/dead-letters";
    private static final List<String> COLUMNS = List.of(
            "service", "id", "state", "reason", "type", "consumer", "attempts", "next_try", "parked_at", "error");
    private static final List<String> FACTS = List.of(
            "service",
            "id",
            "state",
            "reason",
            "type",
            "consumer",
            "message_id",
            "correlation_id",
            "attempts",
            "next_try",
            "parked_at",
            "decided_by",
            "decided_at",
            "payload_bytes",
            "payload_cut",
            "error");

    @ParentCommand
    Cli cli;

    /** Which of them. */
    static final class Which {
        @Option(names = "--service", paramLabel = "NAME", description = "Of this service only.")
        @Nullable
        String service;

        @Option(names = "--consumer", paramLabel = "QUEUE", description = "From this queue only.")
        @Nullable
        String consumer;

        @Option(names = "--type", paramLabel = "TYPE", description = "Of this wire name only.")
        @Nullable
        String type;

        @Option(names = "--reason", paramLabel = "CODE", description = "With this reason only, for example FAILED.")
        @Nullable
        String reason;

        Map<String, Object> parts() {
            Map<String, Object> parts = new LinkedHashMap<>();
            put(parts, "service", service);
            put(parts, "consumer", consumer);
            put(parts, "type", type);
            put(parts, "reason", reason);
            return parts;
        }

        private static void put(Map<String, Object> parts, String name, @Nullable String value) {
            if (value != null) {
                parts.put(name, value);
            }
        }
    }

    @Command(name = "list", description = "List messages that wait for another try or are dead, newest first.")
    int list(
            @Mixin Which which,
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "waiting, dead or discarded (default: the first two).")
                    @Nullable
                    String state,
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
                            description = "Show at most as many.")
                    int size) {
        StringBuilder query = new StringBuilder("?_offset=" + offset + "&_size=" + size);
        Map<String, Object> parts = which.parts();
        Which.put(parts, "state", state);
        parts.forEach((name, value) ->
                query.append('&').append(name).append('=').append(Client.segment(String.valueOf(value))));
        Map<String, Object> answer = cli.client().get(LETTERS + query);
        List<Map<String, Object>> items = Json.objects(answer.get("items"));
        cli.print(items, COLUMNS);
        Map<String, Object> metadata = Json.object(answer.get("metadata"));
        cli.say("Showing " + items.size() + " of "
                + Json.text(Json.object(metadata.get("pagination")).get("total")) + " messages");
        Json.object(metadata.get("unavailable"))
                .forEach((service, why) -> cli.err().println("warning: without those of " + service + ": " + why));
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Show one message with its payload.")
    int show(@Parameters(paramLabel = "SERVICE") String service, @Parameters(paramLabel = "ID") String id) {
        Map<String, Object> letter = cli.client().get(path(service, id));
        if (cli.json) {
            cli.out().println(Json.pretty(letter));
            return ExitCode.OK;
        }
        for (String fact : FACTS) {
            if (!Json.text(letter.get(fact)).isEmpty()) {
                cli.out().printf("%-14s  %s%n", fact, Json.text(letter.get(fact)));
            }
        }
        cli.out().println();
        Object payload = letter.get("payload");
        cli.out().println(payload == null ? "base64: " + Json.text(letter.get("payload_base64")) : payload);
        return ExitCode.OK;
    }

    @Command(
            name = "replay",
            description =
                    "Give a dead message all its tries again, the first at once; without SERVICE and ID all that the options name.")
    int replay(
            @Parameters(arity = "0..1", paramLabel = "SERVICE") @Nullable String service,
            @Parameters(arity = "0..1", paramLabel = "ID") @Nullable String id,
            @Mixin Which which) {
        return decide("replay", "will be tried again", service, id, which);
    }

    @Command(
            name = "discard",
            description = "Give a dead message up; without SERVICE and ID all that the options name.")
    int discard(
            @Parameters(arity = "0..1", paramLabel = "SERVICE") @Nullable String service,
            @Parameters(arity = "0..1", paramLabel = "ID") @Nullable String id,
            @Mixin Which which) {
        return decide("discard", "discarded", service, id, which);
    }

    private int decide(String action, String done, @Nullable String service, @Nullable String id, Which which) {
        Map<String, Object> parts = which.parts();
        if (service == null && parts.isEmpty() || service != null && (id == null || !parts.isEmpty())) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "say which: dead-letters " + action
                            + " SERVICE ID, or one of --service, --consumer, --type and --reason for all of that kind");
        }
        Map<String, Object> answer = service == null
                ? cli.client().send("POST", LETTERS + "/" + action, parts)
                : cli.client().send("POST", path(service, String.valueOf(id)) + "/" + action, null);
        if (cli.json) {
            cli.out().println(Json.pretty(answer));
        }
        cli.say(
                service == null
                        ? Json.text(answer.get("count")) + " messages " + done
                        : service + "/" + id + " " + done);
        return ExitCode.OK;
    }

    private static String path(String service, String id) {
        return LETTERS + "/" + Client.segment(service) + "/" + Client.segment(id);
    }
}
