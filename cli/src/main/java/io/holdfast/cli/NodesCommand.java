package io.holdfast.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast nodes …}: the verbs and flags of the manager's own command line. */
@Command(name = "nodes", description = "Look at the nodes of deployments.", synopsisSubcommandLabel = "VERB")
final class NodesCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "deployment_id",
            "blueprint_id",
            "host_id",
            "type",
            "number_of_instances",
            "planned_number_of_instances",
            "visibility",
            "tenant_name",
            "created_by");

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List nodes.")
    int list(@Mixin ListOptions options, @Mixin DeploymentFilter deployment) {
        return ListCommands.list(cli, "nodes", COLUMNS, "deployment_id", options, deployment.query());
    }

    @Command(name = "get", description = "Show a node of a deployment.")
    int get(
            @Parameters(paramLabel = "NODE_ID") String id,
            @Option(
                            names = {"-d", "--deployment-id"},
                            required = true,
                            paramLabel = "ID",
                            description = "The deployment.")
                    String deployment) {
        Client.Page page = cli.client()
                .list("/api/v3.1/nodes?deployment_id=" + Client.segment(deployment) + "&id=" + Client.segment(id));
        if (page.items().isEmpty()) {
            throw new CliFailure(ExitCode.NOT_FOUND, "deployment " + deployment + " has no node " + id);
        }
        cli.print(page.items().get(0), COLUMNS);
        return ExitCode.OK;
    }
}
