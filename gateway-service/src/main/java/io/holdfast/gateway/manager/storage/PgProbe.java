package io.holdfast.gateway.manager.storage;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.manager.DatabaseProbe;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks for a row that every manager has. */
@ApplicationScoped
public class PgProbe implements DatabaseProbe {

    private final Jdbc jdbc;

    public PgProbe(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public boolean answers() {
        try {
            return jdbc.first("SELECT 1 FROM access.roles LIMIT 1", row -> true).isPresent();
        } catch (ManagerException e) {
            return false;
        }
    }
}
