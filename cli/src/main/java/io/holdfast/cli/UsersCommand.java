package io.holdfast.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code holdfast users …}: the verbs of the manager's own command line. A user's place in tenants is {@link TenantsCommand}'s. */
@Command(name = "users", description = "Keep users: who may log in, and as what.", synopsisSubcommandLabel = "VERB")
final class UsersCommand {

    private static final List<String> COLUMNS = List.of(
            "username", "groups", "role", "group_system_roles", "active", "last_login_at", "is_locked", "tenants");

    private static final String USERS = "/api/v3.1/users";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List users.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "users", COLUMNS, "username", options, "");
    }

    @Command(name = "get", description = "Show a user, with tenants and groups.")
    int get(@Parameters(paramLabel = "USERNAME") String name) {
        cli.print(cli.client().get(path(name) + "?_get_data=true"), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "create", description = "Make a user, who may do nothing yet in any tenant: see tenants add-user.")
    int create(
            @Parameters(paramLabel = "USERNAME") String name,
            @Option(
                            names = {"-r", "--security-role"},
                            paramLabel = "ROLE",
                            defaultValue = "default",
                            description = "System role: default or sys_admin.")
                    String role,
            @Mixin NewPasswordOption password) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("username", name);
        body.put("password", password.read(cli, name));
        body.put("role", role);
        cli.print(cli.client().send("PUT", USERS, body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "set-password", description = "Give a user another password.")
    int setPassword(@Parameters(paramLabel = "USERNAME") String name, @Mixin NewPasswordOption password) {
        cli.client().send("POST", path(name), Map.of("password", password.read(cli, name)));
        cli.say("Set the password of " + name);
        return ExitCode.OK;
    }

    @Command(name = "set-role", description = "Give a user another system role.")
    int setRole(
            @Parameters(paramLabel = "USERNAME") String name,
            @Option(
                            names = {"-r", "--security-role"},
                            required = true,
                            paramLabel = "ROLE",
                            description = "System role: default or sys_admin.")
                    String role) {
        cli.print(cli.client().send("POST", path(name), Map.of("role", role)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "activate", description = "Let a user log in again.")
    int activate(@Parameters(paramLabel = "USERNAME") String name) {
        return setActive(name, "activate");
    }

    @Command(name = "deactivate", description = "Let a user log in no more; nothing else of them changes.")
    int deactivate(@Parameters(paramLabel = "USERNAME") String name) {
        return setActive(name, "deactivate");
    }

    @Command(name = "unlock", description = "Let a user try again who is locked out after wrong passwords.")
    int unlock(@Parameters(paramLabel = "USERNAME") String name) {
        cli.print(cli.client().send("POST", USERS + "/unlock/" + Client.segment(name), null), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a user.")
    int delete(@Parameters(paramLabel = "USERNAME") String name) {
        cli.client().send("DELETE", path(name), null);
        cli.say("Deleted user " + name);
        return ExitCode.OK;
    }

    private int setActive(String name, String action) {
        cli.print(
                cli.client().send("POST", USERS + "/active/" + Client.segment(name), Map.of("action", action)),
                COLUMNS);
        return ExitCode.OK;
    }

    private static String path(String name) {
        return USERS + "/" + Client.segment(name);
    }
}
