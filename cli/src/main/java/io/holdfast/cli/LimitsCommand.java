package io.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast limits …}: how many executions a tenant, or a concurrency key of it, may run. */
@Command(
        name = "limits",
        description = "Limit what a tenant, or a concurrency key of it, may run. For administrators.",
        synopsisSubcommandLabel = "VERB")
final class LimitsCommand {

    private static final List<String> COLUMNS =
            List.of("tenant_name", "key", "max_running", "starts_per_minute", "burst");
    private static final String LIMITS = "/api/holdfast/v1/limits";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List the limits of all tenants.")
    int list() {
        cli.print(cli.client().list(LIMITS).items(), COLUMNS);
        return ExitCode.OK;
    }

    @Command(
            name = "set",
            description =
                    "Set the limit of a tenant (--tenant-name), or of a concurrency key of it. Replaces the one that there is.")
    int set(
            @Option(names = "--key", paramLabel = "KEY", description = "Of this concurrency key only.") @Nullable
                    String key,
            @Option(
                            names = "--max-running",
                            paramLabel = "N",
                            description = "Executions that may be active at once; at least 1.")
                    @Nullable
                    Integer maxRunning,
            @Option(
                            names = "--starts-per-minute",
                            paramLabel = "N",
                            description = "Executions that may start in a minute; at least 1.")
                    @Nullable
                    Integer startsPerMinute,
            @Option(
                            names = "--burst",
                            paramLabel = "N",
                            description =
                                    "Starts that may come at once; at least 1, as many as a minute's if not given.")
                    @Nullable
                    Integer burst) {
        if (maxRunning == null && startsPerMinute == null) {
            throw new CliFailure(
                    ExitCode.USAGE,
                    "a limit needs --max-running N or --starts-per-minute N; `limits remove` takes one away");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("max_running", maxRunning);
        body.put("starts_per_minute", startsPerMinute);
        body.put("burst", burst);
        Client client = cli.client();
        cli.print(client.send("PUT", path(client, key), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(
            name = "remove",
            description = "Remove the limit of a tenant (--tenant-name), or of a concurrency key of it.")
    int remove(
            @Option(names = "--key", paramLabel = "KEY", description = "Of this concurrency key only.") @Nullable
                    String key) {
        Client client = cli.client();
        client.send("DELETE", path(client, key), null);
        cli.say("Removed");
        return ExitCode.OK;
    }

    private static String path(Client client, @Nullable String key) {
        String tenant = Client.segment(client.tenant());
        return key == null ? LIMITS + "/tenants/" + tenant : LIMITS + "/keys/" + tenant + "/" + Client.segment(key);
    }
}
