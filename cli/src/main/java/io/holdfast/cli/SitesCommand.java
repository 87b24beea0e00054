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

/** {@code holdfast sites …}: the verbs and flags of the manager's own command line. */
@Command(name = "sites", description = "Keep the places where deployments are.", synopsisSubcommandLabel = "VERB")
final class SitesCommand {

    private static final List<String> COLUMNS =
            List.of("name", "location", "visibility", "tenant_name", "created_at", "created_by");

    private static final String SITES = "/api/v3.1/sites/";

    @ParentCommand
    Cli cli;

    @Command(name = "create", description = "Make a site.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--location",
                            paramLabel = "LAT,LONG",
                            description = "Degrees, for example 32.071072,34.787274.")
                    @Nullable
                    String location,
            @Mixin VisibilityOption visibility) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("visibility", visibility.orTenant());
        if (location != null) {
            body.put("location", location);
        }
        cli.print(cli.client().send("PUT", SITES + Client.segment(name), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "update", description = "Move or rename a site, or let more see it.")
    int update(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--location", paramLabel = "LAT,LONG", description = "Degrees; empty: nowhere.") @Nullable
                    String location,
            @Option(names = "--new-name", paramLabel = "NAME", description = "Its deployments stay with it.") @Nullable
                    String newName,
            @Mixin VisibilityOption visibility) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (location != null) {
            body.put("location", location);
        }
        if (newName != null) {
            body.put("new_name", newName);
        }
        if (visibility.visibility != null) {
            body.put("visibility", visibility.visibility);
        }
        cli.print(cli.client().send("POST", SITES + Client.segment(name), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Show a site.")
    int get(@Parameters(paramLabel = "NAME") String name) {
        cli.print(cli.client().get(SITES + Client.segment(name)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List sites.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "sites", COLUMNS, "name", options, "");
    }

    @Command(name = "delete", description = "Delete a site; its deployments are nowhere afterwards.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        cli.client().send("DELETE", SITES + Client.segment(name), null);
        cli.say("Deleted site " + name);
        return ExitCode.OK;
    }
}
