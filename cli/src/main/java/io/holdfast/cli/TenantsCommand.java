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

/** {@code holdfast tenants …}: the verbs of the manager's own command line. The tenant that users join is that of {@code --tenant-name}. */
@Command(name = "tenants", description = "Keep tenants, and who may do what in them.", synopsisSubcommandLabel = "VERB")
final class TenantsCommand {

    private static final List<String> COLUMNS = List.of("name", "groups", "users");

    private static final String TENANTS = "/api/v3.1/tenants/";
    private static final String USERS = TENANTS + "users";
    private static final String GROUPS = TENANTS + "user-groups";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List tenants.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "tenants", COLUMNS, "name", options, "");
    }

    @Command(name = "get", description = "Show a tenant, with its users and groups.")
    int get(@Parameters(paramLabel = "TENANT_NAME") String name) {
        cli.print(cli.client().get(TENANTS + Client.segment(name) + "?_get_data=true"), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "create", description = "Make a tenant.")
    int create(@Parameters(paramLabel = "TENANT_NAME") String name) {
        cli.print(cli.client().send("POST", TENANTS + Client.segment(name), Map.of()), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a tenant, which must be empty.")
    int delete(@Parameters(paramLabel = "TENANT_NAME") String name) {
        cli.client().send("DELETE", TENANTS + Client.segment(name), null);
        cli.say("Deleted tenant " + name);
        return ExitCode.OK;
    }

    @Command(name = "add-user", description = "Give a user a role in a tenant (--tenant-name).")
    int addUser(@Parameters(paramLabel = "USERNAME") String username, @Mixin RoleOption role) {
        return changed("PUT", USERS, "username", username, role);
    }

    @Command(name = "update-user", description = "Give a user another role in a tenant (--tenant-name).")
    int updateUser(@Parameters(paramLabel = "USERNAME") String username, @Mixin RoleOption role) {
        return changed("PATCH", USERS, "username", username, role);
    }

    @Command(name = "remove-user", description = "Take a user out of a tenant (--tenant-name).")
    int removeUser(@Parameters(paramLabel = "USERNAME") String username) {
        return removed(USERS, "username", username);
    }

    @Command(name = "add-user-group", description = "Give the users of a group a role in a tenant (--tenant-name).")
    int addGroup(@Parameters(paramLabel = "GROUP") String group, @Mixin RoleOption role) {
        return changed("PUT", GROUPS, "group_name", group, role);
    }

    @Command(
            name = "update-user-group",
            description = "Give the users of a group another role in a tenant (--tenant-name).")
    int updateGroup(@Parameters(paramLabel = "GROUP") String group, @Mixin RoleOption role) {
        return changed("PATCH", GROUPS, "group_name", group, role);
    }

    @Command(name = "remove-user-group", description = "Take a group out of a tenant (--tenant-name).")
    int removeGroup(@Parameters(paramLabel = "GROUP") String group) {
        return removed(GROUPS, "group_name", group);
    }

    private int changed(String method, String path, String field, String name, RoleOption role) {
        Client client = cli.client();
        Map<String, Object> body = member(client, field, name);
        body.put("role", role.role);
        cli.print(method.equals("PATCH") ? client.patch(path, body) : client.send(method, path, body), COLUMNS);
        return ExitCode.OK;
    }

    private int removed(String path, String field, String name) {
        Client client = cli.client();
        client.send("DELETE", path, member(client, field, name));
        cli.say("Removed " + name + " from tenant " + client.tenant());
        return ExitCode.OK;
    }

    private static Map<String, Object> member(Client client, String field, String name) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(field, name);
        body.put("tenant_name", client.tenant());
        return body;
    }

    /** A role in a tenant. */
    static final class RoleOption {
        @Option(
                names = {"-r", "--role"},
                required = true,
                paramLabel = "ROLE",
                description =
                        "What they may do there: manager, user, operations, viewer or another of the tenant roles.")
        @Nullable
        String role;
    }
}
