package io.holdfast.gateway.administration.app;

import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.Names;
import io.holdfast.gateway.administration.Refusals;
import io.holdfast.gateway.administration.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes groups, and puts users into them. */
@ApplicationScoped
public class ManageGroups {

    private final AccessRecords records;

    public ManageGroups(AccessRecords records) {
        this.records = records;
    }

    @Transactional
    public void create(String name, @Nullable String ldapDn, @Nullable String role) {
        Names.checked("group_name", name);
        if (name.equals("users")) {
            throw Refusals.bad("`users` is not allowed as a group name");
        }
        String systemRole = records.roles().checked(role == null ? "default" : role, Roles.SYSTEM);
        if (records.groupExists(name)) {
            throw Refusals.exists("Group", "name", name);
        }
        records.addGroup(name, ldapDn, systemRole);
    }

    @Transactional
    public void setRole(String name, String role) {
        existing(name);
        records.setGroupRole(name, records.roles().checked(role, Roles.SYSTEM));
        records.keepAnAdministrator("change the role of group `" + name + "`");
    }

    @Transactional
    public void delete(String name) {
        existing(name);
        records.deleteGroup(name);
        records.keepAnAdministrator("delete group `" + name + "`");
    }

    @Transactional
    public void addUser(String username, String group) {
        String user = records.findUser(username).orElseThrow(() -> Refusals.notFound("User", username));
        existing(group);
        if (!records.addUserToGroup(user, group)) {
            throw Refusals.already("User `" + user + "`", "group `" + group + "`");
        }
    }

    @Transactional
    public void removeUser(String username, String group) {
        String user = records.findUser(username).orElseThrow(() -> Refusals.notFound("User", username));
        existing(group);
        if (!records.removeUserFromGroup(user, group)) {
            throw Refusals.notAssociated("User `" + user + "`", "group `" + group + "`");
        }
        records.keepAnAdministrator("remove user `" + user + "` from group `" + group + "`");
    }

    private void existing(String name) {
        if (!records.groupExists(name)) {
            throw Refusals.notFound("Group", name);
        }
    }
}
