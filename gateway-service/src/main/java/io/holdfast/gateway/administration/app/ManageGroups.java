package io.holdfast.gateway.administration.app;

import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.Refusals;
import io.holdfast.gateway.administration.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes groups, and puts users into them. */
@ApplicationScoped
public class ManageGroups {

    private static final String NAME = "group_name";

    private final AccessRecords records;

    public ManageGroups(AccessRecords records) {
        this.records = records;
    }

    @Transactional
    public void create(String name, @Nullable String ldapDn, @Nullable String role) {
        String systemRole = records.roles().checked(role == null ? "default" : role, Roles.SYSTEM);
        ResourceId.check(NAME, name);
        if (name.equals("users")) {
            throw Refusals.reserved(name, "user group");
        }
        records.findGroup(name).ifPresent(group -> {
            throw Refusals.exists("Group", "name", group);
        });
        if (ldapDn != null) {
            records.findGroupOf(ldapDn).ifPresent(group -> {
                throw Refusals.exists("Group", "ldap_dn", ldapDn);
            });
        }
        records.addGroup(name, ldapDn, systemRole);
    }

    @Transactional
    public void setRole(String groupName, String role) {
        String systemRole = records.roles().checked(role, Roles.SYSTEM);
        String name = existing(groupName);
        records.setGroupRole(name, systemRole);
        records.keepAnAdministrator("change the role of group `" + name + "`");
    }

    @Transactional
    public void delete(String groupName) {
        String name = existing(ResourceId.check(NAME, groupName));
        records.deleteGroup(name);
        records.keepAnAdministrator("delete group `" + name + "`");
    }

    @Transactional
    public void addUser(String username, String groupName) {
        check(username, groupName);
        String user = records.findUser(username).orElseThrow(() -> Refusals.notFound("User", username));
        String group = existing(groupName);
        if (!records.addUserToGroup(user, group)) {
            throw Refusals.already("User `" + user + "`", "group `" + group + "`");
        }
    }

    @Transactional
    public void removeUser(String username, String groupName) {
        check(username, groupName);
        String user = records.findUser(username).orElseThrow(() -> Refusals.notFound("User", username));
        String group = existing(groupName);
        if (!records.removeUserFromGroup(user, group)) {
            throw Refusals.notAssociated("User `" + user + "`", "group `" + group + "`");
        }
        records.keepAnAdministrator("remove user `" + user + "` from group `" + group + "`");
    }

    private static void check(String username, String groupName) {
        ResourceId.check("username", username);
        ResourceId.check(NAME, groupName);
    }

    private String existing(String name) {
        return records.findGroup(name).orElseThrow(() -> Refusals.notFound("Group", name));
    }
}
