package io.holdfast.gateway.maintenance.storage;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.storage.Jdbc;
import io.holdfast.gateway.maintenance.GateSource;
import io.holdfast.gateway.maintenance.GateStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/** {@code cluster_control.gate}. The cluster-service may not have made it yet, or may not be there at all. */
@ApplicationScoped
public class PgGateSource implements GateSource {

    /** No such table, no such schema. Source: PostgreSQL, appendix A. */
    private static final Set<String> ABSENT = Set.of("42P01", "3F000");

    private final Jdbc jdbc;
    private volatile boolean exists;

    public PgGateSource(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public GateStatus read() {
        if (!exists) {
            exists = jdbc.first(
                            "SELECT to_regclass('cluster_control.gate') IS NOT NULL AS found",
                            row -> row.getBoolean("found"))
                    .orElse(false);
        }
        if (!exists) {
            return GateStatus.DEACTIVATED;
        }
        try {
            return jdbc.first("SELECT status FROM cluster_control.gate", row -> row.getString("status"))
                    .map(status -> GateStatus.valueOf(status.toUpperCase(Locale.ROOT)))
                    .orElse(GateStatus.DEACTIVATED);
        } catch (ManagerException e) {
            if (e.getCause() instanceof SQLException cause && ABSENT.contains(cause.getSQLState())) {
                exists = false;
                return GateStatus.DEACTIVATED;
            }
            throw e;
        }
    }
}
