package io.holdfast.gateway.bootstrap.app;

import io.holdfast.gateway.authentication.NewPasswords;
import io.holdfast.gateway.bootstrap.FirstState;
import io.holdfast.gateway.bootstrap.ShippedFacts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Gives a new manager its tenant, roles, permissions and administrator. On a manager that has them it does nothing. */
@ApplicationScoped
public class FillNewManager {

    private static final Logger LOG = Logger.getLogger(FillNewManager.class);

    private final FirstState state;
    private final Optional<String> adminPassword;
    private final Clock clock;

    public FillNewManager(
            FirstState state,
            @ConfigProperty(name = "holdfast.admin-password") Optional<String> adminPassword,
            Clock clock) {
        this.state = state;
        this.adminPassword = adminPassword;
        this.clock = clock;
    }

    @Transactional
    public void fill() {
        Instant now = clock.instant();
        state.lock();
        state.addTenantIfThereIsNone(ShippedFacts.TENANT, now);
        state.addRolesThatAreMissing(ShippedFacts.roles());
        state.addPermissionsIfThereAreNone(ShippedFacts.permissions());
        if (state.hasBootstrapAdmin()) {
            return;
        }
        if (adminPassword.isEmpty()) {
            LOG.warn(
                    "There is no administrator yet: set holdfast.admin-password (HOLDFAST_ADMIN_PASSWORD) and start again");
            return;
        }
        NewPasswords passwords = NewPasswords.withFreshSalt();
        String hash = passwords.hash(adminPassword.get()).text();
        if (state.addBootstrapAdmin(ShippedFacts.ADMIN, hash, passwords.managerSalt(), ShippedFacts.TENANT, now)) {
            LOG.infof("Made the administrator `%s`", ShippedFacts.ADMIN);
        } else {
            LOG.warnf(
                    "There is a user `%s` who is not the administrator of this manager; left as it is",
                    ShippedFacts.ADMIN);
        }
    }
}
