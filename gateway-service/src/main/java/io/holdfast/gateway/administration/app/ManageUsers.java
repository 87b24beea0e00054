package io.holdfast.gateway.administration.app;

import io.holdfast.contracts.ids.ResourceId;
import io.holdfast.gateway.administration.AccessRecords;
import io.holdfast.gateway.administration.PasswordRules;
import io.holdfast.gateway.administration.Refusals;
import io.holdfast.gateway.administration.Roles;
import io.holdfast.gateway.authentication.NewPasswords;
import io.holdfast.gateway.authentication.PasswordHash;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes, changes and removes users. The user that the manager was made with stays, active and an administrator. */
@ApplicationScoped
public class ManageUsers {

    private static final String NAME = "username";

    private final AccessRecords records;
    private final Clock clock;

    public ManageUsers(AccessRecords records, Clock clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * A new user as it is asked for. Null: as always.
     *
     * @param prehashed whether {@code password} is a hash of another manager of the same salt, as its users' dump shows it
     */
    public record Wanted(
            String username,
            String password,
            @Nullable String role,
            boolean prehashed,
            @Nullable Instant createdAt,
            @Nullable Instant firstLoginAt,
            @Nullable Instant lastLoginAt) {}

    @Transactional
    public void create(Wanted wanted) {
        String password = wanted.prehashed() ? prehashed(wanted.password()) : PasswordRules.checked(wanted.password());
        String username = ResourceId.check(NAME, wanted.username());
        NewPasswords passwords = passwords();
        String hash = wanted.prehashed() ? password : passwords.hash(password).text();
        String role = wanted.role();
        String systemRole = records.roles().checked(role == null ? "default" : role, Roles.SYSTEM);
        if (records.findUser(username).isPresent()) {
            throw Refusals.exists("User", NAME, username);
        }
        Instant createdAt = wanted.createdAt();
        records.addUser(new AccessRecords.NewUser(
                username,
                hash,
                passwords.managerSalt(),
                systemRole,
                createdAt == null ? clock.instant() : createdAt,
                wanted.firstLoginAt(),
                wanted.lastLoginAt()));
    }

    private static String prehashed(String hash) {
        if (PasswordHash.parse(hash).isEmpty()) {
            throw Refusals.bad("The password is said to be hashed, but is no $pbkdf2-sha256$ROUNDS$SALT$DIGEST");
        }
        return hash;
    }

    /**
     * What of it is null stays as it is; something must be given, and not a password and a role at once. Checked before the user is
     * looked for.
     */
    @Transactional
    public void update(
            String username, @Nullable String password, @Nullable String role, @Nullable Boolean showGettingStarted) {
        if (password == null && role == null && showGettingStarted == null) {
            throw Refusals.bad("Neither `password` nor `role` provided");
        }
        if (password != null && role != null) {
            throw Refusals.bad("Both `password` and `role` provided");
        }
        if (password != null) {
            PasswordRules.checked(password);
        }
        if (role != null) {
            records.roles().checked(role, Roles.SYSTEM);
        }
        existing(username);
        if (password != null) {
            NewPasswords passwords = passwords();
            records.setPassword(username, passwords.hash(password).text(), passwords.managerSalt());
        }
        if (role != null) {
            records.setRole(username, role);
            records.keepAnAdministrator("change the role of user `" + username + "`");
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
        records.keepAnAdministrator(action + " user `" + username + "`");
    }

    @Transactional
    public void unlock(String username) {
        existing(ResourceId.check(NAME, username));
        records.unlock(username);
    }

    @Transactional
    public void delete(String username, String caller) {
        existing(ResourceId.check(NAME, username));
        refuseForTheLastResort(username, caller, "delete");
        records.deleteUser(username);
        records.keepAnAdministrator("delete user `" + username + "`");
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
