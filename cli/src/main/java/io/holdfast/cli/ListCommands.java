package io.holdfast.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

    /** {@code holdfast blueprints …}. */
    @Command(name = "blueprints", description = "Look at blueprints.", synopsisSubcommandLabel = "VERB")
    static final class Blueprints {
        @ParentCommand
        Cli cli;

        @Command(name = "list", description = "List blueprints.")
        int list(@Mixin ListOptions options) {
            return ListCommands.list(
                    cli,
                    "blueprints",
                    List.of(
                            "id",
                            "description",
                            "main_file_name",
                            "created_at",
                            "state",
                            "visibility",
                            "tenant_name",
                            "created_by"),
                    "created_at",
                    options,
                    "");
        }
    }

    /** {@code holdfast deployments …}. */
    @Command(
            name = "deployments",
            description = "Look at deployments and their schedules.",
            subcommands = DeploymentScheduleCommand.class,
            synopsisSubcommandLabel = "VERB")
    static final class Deployments {
        @ParentCommand
        Cli cli;

        @Command(name = "list", description = "List deployments.")
        int list(@Mixin ListOptions options) {
            return ListCommands.list(
                    cli,
                    "deployments",
                    List.of(
                            "id",
                            "display_name",
                            "blueprint_id",
                            "created_at",
                            "deployment_status",
                            "installation_status",
                            "visibility",
                            "tenant_name",
                            "created_by"),
                    "created_at",
                    options,
                    "");
        }
    }

    /** {@code holdfast events …}. */
    @Command(name = "events", description = "Look at events and logs.", synopsisSubcommandLabel = "VERB")
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
    }

    /** {@code holdfast tenants …}. */
    @Command(name = "tenants", description = "Look at tenants.", synopsisSubcommandLabel = "VERB")
    static final class Tenants {
        private static final List<String> COLUMNS = List.of("name", "groups", "users");

        @ParentCommand
        Cli cli;

        @Command(name = "list", description = "List tenants.")
        int list(@Mixin ListOptions options) {
            return ListCommands.list(cli, "tenants", COLUMNS, "name", options, "");
        }

        @Command(name = "get", description = "Show a tenant.")
        int get(@Parameters(paramLabel = "TENANT_NAME") String name) {
            cli.print(cli.client().get("/api/v3.1/tenants/" + Client.segment(name)), COLUMNS);
            return ExitCode.OK;
        }
    }

    /** {@code holdfast users …}. */
    @Command(name = "users", description = "Look at users.", synopsisSubcommandLabel = "VERB")
    static final class Users {
        private static final List<String> COLUMNS = List.of(
                "username", "groups", "role", "group_system_roles", "active", "last_login_at", "is_locked", "tenants");

        @ParentCommand
        Cli cli;

        @Command(name = "list", description = "List users.")
        int list(@Mixin ListOptions options) {
            return ListCommands.list(cli, "users", COLUMNS, "username", options, "");
        }

        @Command(name = "get", description = "Show a user.")
        int get(@Parameters(paramLabel = "USERNAME") String name) {
            cli.print(cli.client().get("/api/v3.1/users/" + Client.segment(name) + "?_get_data=true"), COLUMNS);
            return ExitCode.OK;
        }
    }
}
