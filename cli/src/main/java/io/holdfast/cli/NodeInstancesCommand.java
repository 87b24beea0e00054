package io.holdfast.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast node-instances …}: the verbs and flags of the manager's own command line. */
@Command(name = "node-instances", description = "Look at the instances of nodes.", synopsisSubcommandLabel = "VERB")
final class NodeInstancesCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "deployment_id",
            "host_id",
            "node_id",
            "state",
            "index",
            "version",
            "visibility",
            "tenant_name",
            "created_by");

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List node instances.")
    int list(
            @Mixin ListOptions options,
            @Mixin DeploymentFilter deployment,
            @Option(
                            names = {"-n", "--node-name"},
                            paramLabel = "ID",
                            description = "Of this node only.")
                    @Nullable
                    String node) {
        return ListCommands.list(
                cli,
                "node-instances",
                COLUMNS,
                "node_id",
                options,
                deployment.query() + (node == null ? "" : "&node_id=" + Client.segment(node)));
    }

    @Command(name = "get", description = "Show a node instance.")
    int get(@Parameters(paramLabel = "NODE_INSTANCE_ID") String id) {
        cli.print(cli.client().get("/api/v3.1/node-instances/" + Client.segment(id)), COLUMNS);
        return ExitCode.OK;
    }
}
