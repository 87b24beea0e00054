package io.holdfast.gateway.administration.app;

import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.Names;
import io.holdfast.gateway.administration.PasswordRules;
import io.holdfast.gateway.administration.Refusals;
import io.holdfast.gateway.administration.Roles;
import io.holdfast.gateway.authentication.NewPasswords;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes users. The user that the manager was made with stays, active and an administrator. */
@ApplicationScoped
public class ManageUsers {

    private final AccessRecords records;
    private final Clock clock;

    public ManageUsers(AccessRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    @Transactional
    public void create(String username, String password, @Nullable String role) {
        Names.checked("username", username);
        PasswordRules.checked(password);
        String systemRole = records.roles().checked(role == null ? "default" : role, Roles.SYSTEM);
        if (records.findUser(username).isPresent()) {
            throw Refusals.exists("User", "username", username);
        }
        NewPasswords passwords = passwords();
        records.addUser(
                username, passwords.hash(password).text(), passwords.managerSalt(), systemRole, clock.instant());
    }

    /** What of it is null stays as it is; something must be given. */
    @Transactional
    public void update(
            String username, @Nullable String password, @Nullable String role, @Nullable Boolean showGettingStarted) {
        existing(username);
        if (password == null && role == null && showGettingStarted == null) {
            throw Refusals.bad("Must provide either role or password");
        }
        if (password != null) {
            NewPasswords passwords = passwords();
            records.setPassword(
                    username, passwords.hash(PasswordRules.checked(password)).text(), passwords.managerSalt());
        }
        if (role != null) {
            records.setRole(username, records.roles().checked(role, Roles.SYSTEM));
        }
        if (showGettingStarted != null) {
            records.setShowGettingStarted(username, showGettingStarted);
        }
    }

    @Transactional
    public void setActive(String username, String action, String caller) {
        boolean active = action.equals("activate");
        if (!active && !action.equals("deactivate")) {
            throw Refusals.bad("Invalid action: " + action + ", Valid action values are: ['activate', 'deactivate']");
        }
        existing(username);
        if (!active) {
            refuseForTheLastResort(username, caller, "deactivate");
        }
        records.setActive(username, active);
    }

    @Transactional
    public void unlock(String username) {
        existing(username);
        records.unlock(username);
    }

    @Transactional
    public void delete(String username, String caller) {
        existing(username);
        refuseForTheLastResort(username, caller, "delete");
        records.deleteUser(username);
    }

    private void refuseForTheLastResort(String username, String caller, String action) {
        if (records.isBootstrapAdmin(username)) {
            throw Refusals.illegal("Can't " + action + " the user `" + username + "` that this manager was made with");
        }
        if (username.equals(caller)) {
            throw Refusals.illegal("Can't " + action + " the user that you are: `" + username + "`");
        }
    }

    private void existing(String username) {
        if (records.findUser(username).filter(username::equals).isEmpty()) {
            throw Refusals.notFound("User", username);
        }
    }

    private NewPasswords passwords() {
        return records.managerSalt().map(NewPasswords::withSalt).orElseGet(NewPasswords::withFreshSalt);
    }
}
