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

/** {@code holdfast user-groups …}: the verbs and flags of the manager's own command line. */
@Command(name = "user-groups", description = "Keep groups of users, who share roles.", synopsisSubcommandLabel = "VERB")
final class UserGroupsCommand {

    private static final List<String> COLUMNS = List.of("name", "role", "ldap_dn", "users", "tenants");

    private static final String GROUPS = "/api/v3.1/user-groups";
    private static final String MEMBERS = GROUPS + "/users";

    @ParentCommand
    Cli cli;

    @Command(name = "list", description = "List groups.")
    int list(@Mixin ListOptions options) {
        return ListCommands.list(cli, "user-groups", COLUMNS, "name", options, "");
    }

    @Command(name = "get", description = "Show a group, with its users and tenants.")
    int get(@Parameters(paramLabel = "GROUP") String name) {
        cli.print(cli.client().get(path(name) + "?_get_data=true"), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "create", description = "Make a group.")
    int create(
            @Parameters(paramLabel = "GROUP") String name,
            @Option(
                            names = {"-r", "--security-role"},
                            paramLabel = "ROLE",
                            defaultValue = "default",
                            description = "System role of its users: default or sys_admin.")
                    String role,
            @Option(
                            names = {"-l", "--ldap-distinguished-name"},
                            paramLabel = "DN",
                            description = "The group that it stands for in LDAP.")
                    @Nullable
                    String ldap) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("group_name", name);
        if (ldap != null) {
            body.put("ldap_group_dn", ldap);
        }
        body.put("role", role);
        cli.print(cli.client().send("POST", GROUPS, body), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "set-role", description = "Give the users of a group another system role.")
    int setRole(
            @Parameters(paramLabel = "GROUP") String name,
            @Option(
                            names = {"-r", "--security-role"},
                            required = true,
                            paramLabel = "ROLE",
                            description = "System role: default or sys_admin.")
                    String role) {
        cli.print(cli.client().send("POST", path(name), Map.of("role", role)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "add-user", description = "Take a user into a group.")
    int addUser(@Parameters(paramLabel = "USERNAME") String username, @Mixin GroupOption group) {
        cli.print(cli.client().send("PUT", MEMBERS, member(username, group.name)), COLUMNS);
        return ExitCode.OK;
    }

    @Command(name = "remove-user", description = "Take a user out of a group.")
    int removeUser(@Parameters(paramLabel = "USERNAME") String username, @Mixin GroupOption group) {
        cli.client().send("DELETE", MEMBERS, member(username, group.name));
        cli.say("Removed user " + username + " from group " + group.name);
        return ExitCode.OK;
    }

    @Command(name = "delete", description = "Delete a group; its users stay.")
    int delete(@Parameters(paramLabel = "GROUP") String name) {
        cli.client().send("DELETE", path(name), null);
        cli.say("Deleted group " + name);
        return ExitCode.OK;
    }

    private static Map<String, Object> member(String username, @Nullable String group) {
        Map<String, Object> member = new LinkedHashMap<>();
        member.put("username", username);
        member.put("group_name", group);
        return member;
    }

    private static String path(String name) {
        return GROUPS + "/" + Client.segment(name);
    }

    /** The group that somebody joins or leaves. */
    static final class GroupOption {
        @Option(
                names = {"-g", "--group-name"},
                required = true,
                paramLabel = "GROUP",
                description = "The group.")
        @Nullable
        String name;
    }
}
