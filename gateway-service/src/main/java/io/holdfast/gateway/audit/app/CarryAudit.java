package io.holdfast.gateway.audit.app;

import io.holdfast.gateway.audit.AuditLog;
import io.holdfast.gateway.audit.CarriedEntry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Adds entries of another log, as they are. That it was done, and by whom, is an entry of its own. */
@ApplicationScoped
public class CarryAudit {

    private final AuditLog log;

    public CarryAudit(AuditLog log) {
        this.log = log;
    }

    @Transactional
    public void add(List<CarriedEntry> entries) {
        log.carry(entries);
    }
}
