package io.holdfast.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast deployments groups …}: the verbs and flags of the manager's own command line. */
@Command(
        name = "groups",
        description = "Make, change and look at groups of deployments; run workflows in them.",
        synopsisSubcommandLabel = "VERB")
final class DeploymentGroupsCommand {

    private static final List<String> COLUMNS = List.of(
            "id",
            "description",
            "default_blueprint_id",
            "deployment_ids",
            "labels",
            "visibility",
            "tenant_name",
            "created_by");

    private static final List<String> RUN_COLUMNS =
            List.of("id", "workflow_id", "deployment_group_id", "status", "concurrency", "execution_ids");

    private static final String GROUPS = "/api/v3.1/deployment-groups/";

    /** Which deployments are meant. */
    static final class Chosen {

        @Option(
                names = {"-d", "--deployment-id"},
                paramLabel = "ID",
                description = "This deployment; repeat for more.")
        @Nullable
        List<String> deployments;

        @Option(names = "--filter-id", paramLabel = "ID", description = "Those that this saved filter finds.")
        @Nullable
        String filter;

        @Option(names = "--from-group", paramLabel = "ID", description = "Those of this group.")
        @Nullable
        String group;

        Map<String, Object> body() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("deployment_ids", deployments);
            body.put("filter_id", filter);
            body.put("deployments_from_group", group);
            return body;
        }
    }

    @ParentCommand
    DeploymentsCommand deployments;

    private Cli cli() {
        return deployments.cli;
    }

    @Command(name = "list", description = "List groups.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli(), "deployment-groups", COLUMNS, "created_at", options, "");
    }

    @Command(name = "get", description = "Show a group.")
    int get(@Parameters(paramLabel = "GROUP_ID") String id) {
        cli().print(cli().client().get(GROUPS + Client.segment(id)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "create", description = "Make a group, or set what it has.")
    int create(
            @Parameters(paramLabel = "GROUP_ID") String id,
            @Option(
                            names = {"-b", "--default-blueprint"},
                            paramLabel = "ID",
                            description = "The blueprint of deployments that are made in the group.")
                    @Nullable
                    String blueprint,
            @Option(
                            names = {"-i", "--default-inputs"},
                            paramLabel = "KEY=VALUE",
                            description = "An input of deployments that are made in the group; repeat for more.")
                    @Nullable
                    Map<String, String> inputs,
            @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.") @Nullable
                    String description,
            @Mixin Chosen chosen) {
        Map<String, Object> body = chosen.body();
        body.put("blueprint_id", blueprint);
        body.put("default_inputs", inputs == null ? null : Json.valuesOrTexts(inputs));
        body.put("description", description);
        cli().print(cli().client().send("PUT", GROUPS + Client.segment(id), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "extend", description = "Put deployments into a group, or make new ones in it.")
    int extend(
            @Parameters(paramLabel = "GROUP_ID") String id,
            @Mixin Chosen chosen,
            @Option(
                            names = "--count",
                            converter = Numbers.Count.class,
                            defaultValue = "0",
                            paramLabel = "N",
                            description = "Make so many of the group's blueprint and inputs; at least 0.")
                    int count) {
        Map<String, Object> added = chosen.body();
        List<Map<String, Object>> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(Map.of());
        }
        added.put("new_deployments", made);
        return changed(id, Map.of("add", added));
    }

    @Command(name = "shrink", description = "Take deployments out of a group; they stay.")
    int shrink(@Parameters(paramLabel = "GROUP_ID") String id, @Mixin Chosen chosen) {
        return changed(id, Map.of("remove", chosen.body()));
    }

    private int changed(String id, Map<String, ?> body) {
        cli().print(cli().client().patch(GROUPS + Client.segment(id), body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a group.")
    int delete(
            @Parameters(paramLabel = "GROUP_ID") String id,
            @Option(names = "--delete-deployments", description = "With its deployments.") boolean all,
            @Option(
                            names = {"-f", "--force"},
                            description = "Even if they are installed or others depend on them.")
                    boolean force) {
        cli().client()
                .send("DELETE", GROUPS + Client.segment(id) + "?delete_deployments=" + all + "&force=" + force, null);
        cli().say("Deleted deployment group " + id);
        return ExitCode.OK;
    }

    @Command(name = "start", description = "Start a workflow in every deployment of a group.")
    int start(
            @Parameters(paramLabel = "GROUP_ID") String id,
            @Parameters(paramLabel = "WORKFLOW_ID") String workflow,
            @Option(
                            names = {"-p", "--parameter"},
                            paramLabel = "KEY=VALUE",
                            description = "A parameter; repeat for more.")
                    @Nullable
                    Map<String, String> parameters,
            @Option(
                            names = "--concurrency",
                            defaultValue = "5",
                            paramLabel = "N",
                            description = "At most so many at once; 0 holds them all.")
                    int concurrency) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("deployment_group_id", id);
        body.put("workflow_id", workflow);
        body.put("default_parameters", parameters);
        body.put("concurrency", concurrency);
        cli().print(cli().client().send("POST", "/api/v3.1/execution-groups", body), RUN_COLUMNS);
        return ExitCode.OK;
    }
}
