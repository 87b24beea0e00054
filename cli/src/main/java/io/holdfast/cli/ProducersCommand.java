package io.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast producers …}: programs that send requests over the broker. */
@Command(
        name = "producers",
        description = "Set up programs that send requests over the message broker. For administrators.",
        synopsisSubcommandLabel = "VERB")
final class ProducersCommand {

    private static final List<String> COLUMNS =
            List.of("client_id", "username", "tenants", "rate_per_second", "reply_queue", "created_by", "created_at");
    private static final String PRODUCERS = "/api/holdfast/v1/producers";

    @ParentCommand
    Cli cli;

    @Command(
            name = "add",
            description = {
                "Set up a producer and its user at the broker, and print the URL that it connects with.",
                "The password is printed once and kept nowhere."
            })
    int add(
            @Parameters(
                            paramLabel = "CLIENT_ID",
                            description = "1 to 64 characters of a-z, 0-9 and -; its broker user.")
                    String id,
            @Option(
                            names = "--as",
                            required = true,
                            paramLabel = "USER",
                            description = "The user of the manager whose permissions its requests have.")
                    String user,
            @Option(
                            names = "--tenant",
                            paramLabel = "TENANT",
                            description =
                                    "A tenant that it may ask about; repeat for more (default: all of the user's).")
                    @Nullable
                    List<String> tenants,
            @Option(
                            names = "--rate",
                            paramLabel = "N/s",
                            description = "Requests a second that it may send (default: 50/s).")
                    @Nullable
                    String rate) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("username", user);
        if (tenants != null) {
            body.put("tenants", tenants);
        }
        if (rate != null) {
            body.put("rate_per_second", perSecond(rate));
        }
        show(cli.client().send("PUT", path(id), body));
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List producers.")
    int list() {
        cli.print(cli.client().list(PRODUCERS).items(), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Show a producer.")
    int show(@Parameters(paramLabel = "CLIENT_ID") String id) {
        cli.print(cli.client().get(path(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "remove", description = "Remove a producer and its user at the broker.")
    int remove(@Parameters(paramLabel = "CLIENT_ID") String id) {
        Map<String, Object> gone = cli.client().send("DELETE", path(id), null);
        if (cli.json) {
            cli.out().println(Json.pretty(gone));
        }
        sayCommands(gone);
        cli.say("producer " + id + " is removed");
        return ExitCode.OK;
    }

    @Command(name = "rotate-password", description = "Give a producer a new password, and print the URL with it.")
    int rotatePassword(@Parameters(paramLabel = "CLIENT_ID") String id) {
        show(cli.client().send("POST", path(id) + "/password", null));
        return ExitCode.OK;
    }

    /** Data is the URL alone, so that a script can take it. */
    private void show(Map<String, Object> setUp) {
        if (cli.json) {
            cli.out().println(Json.pretty(setUp));
        } else {
            cli.out().println(setUp.get("url"));
        }
        sayCommands(setUp);
        cli.say("producer " + setUp.get("client_id") + " acts as " + setUp.get("username") + " in the tenants "
                + setUp.get("tenants") + ", up to " + setUp.get("rate_per_second") + " requests a second");
        cli.say("it reads replies from " + setUp.get("reply_queue") + "; its password is not shown again");
    }

    private void sayCommands(Map<String, Object> answer) {
        if (answer.get("commands") instanceof List<?> commands && !commands.isEmpty()) {
            cli.err()
                    .println("the manager has no access to the broker's users (holdfast.broker.management-url is not"
                            + " set); run at the broker:");
            commands.forEach(command -> cli.err().println("  " + command));
        }
    }

    private int perSecond(String rate) {
        String number = rate.endsWith("/s") ? rate.substring(0, rate.length() - 2) : rate;
        try {
            return (int) Numbers.within(number, Integer.MIN_VALUE, Integer.MAX_VALUE, "requests a second, like 50/s");
        } catch (Numbers.NotExpected e) {
            throw new CliFailure(ExitCode.USAGE, Numbers.refusal("--rate", rate, e.getMessage()), e);
        }
    }

    private static String path(String id) {
        return PRODUCERS + "/" + Client.segment(id);
    }
}
