package io.holdfast.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast deployments …}. */
@Command(
        name = "deployments",
        description = "Make, delete and look at deployments, their schedules, groups and filters.",
        subcommands = {
            DeploymentScheduleCommand.class,
            DeploymentGroupsCommand.class,
            FiltersCommand.OfDeployments.class
        },
        synopsisSubcommandLabel = "VERB")
final class DeploymentsCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "display_name",
            "blueprint_id",
            "created_at",
            "deployment_status",
            "installation_status",
            "visibility",
            "tenant_name",
            "created_by");

    private static final String DEPLOYMENTS = "/api/v3.1/deployments/";

    @ParentCommand
    Cli cli;

    @Command(name = "create", description = "Make a deployment of a blueprint.")
    int create(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String id,
            @Option(
                            names = {"-b", "--blueprint-id"},
                            required = true,
                            paramLabel = "ID",
                            description = "The blueprint.")
                    String blueprint,
            @Option(
                            names = {"-i", "--inputs"},
                            paramLabel = "KEY=VALUE",
                            description = "An input; a value that is JSON is taken as such. Repeat for more.")
                    @Nullable
                    Map<String, String> inputs) {
        Map<String, Object> values = inputs == null ? Map.of() : Json.valuesOrTexts(inputs);
        cli.print(
                cli.client()
                        .send(
                                "PUT",
                                DEPLOYMENTS + Client.segment(id),
                                Map.of("blueprint_id", blueprint, "inputs", values)),
                List.of(
                        "id",
                        "display_name",
                        "blueprint_id",
                        "created_at",
                        "deployment_status",
                        "installation_status"));
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a deployment.")
    int delete(
            @Parameters(paramLabel = "DEPLOYMENT_ID") String id,
            @Option(
                            names = {"-f", "--force"},
                            description = "Even if it is installed or others depend on it.")
                    boolean force) {
        cli.client().send("DELETE", DEPLOYMENTS + Client.segment(id) + "?force=" + force, null);
        cli.say("Deleted deployment " + id);
        return ExitCode.OK;
    }

    @Command(name = "get", description = "Show a deployment.")
    int get(@Parameters(paramLabel = "DEPLOYMENT_ID") String id) {
        cli.print(cli.client().get(DEPLOYMENTS + Client.segment(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "inputs", description = "Show what a deployment was made with.")
    int inputs(@Parameters(paramLabel = "DEPLOYMENT_ID") String id) {
        return part(Client.segment(id), "inputs");
    }

    @Command(name = "outputs", description = "Show what a deployment's outputs are now.")
    int outputs(@Parameters(paramLabel = "DEPLOYMENT_ID") String id) {
        return part(Client.segment(id) + "/outputs", "outputs");
    }

    @Command(name = "capabilities", description = "Show what a deployment's capabilities are now.")
    int capabilities(@Parameters(paramLabel = "DEPLOYMENT_ID") String id) {
        return part(Client.segment(id) + "/capabilities", "capabilities");
    }

    private int part(String path, String name) {
        Map<String, Object> values =
                Json.object(cli.client().get(DEPLOYMENTS + path).get(name));
        cli.print(values, List.copyOf(values.keySet()));
        return ExitCode.OK;
    }

    @Command(name = "list", description = "List deployments.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "deployments", COLUMNS, "created_at", options, "");
    }
}
