package io.holdfast.gateway.audit.app;

import io.holdfast.gateway.audit.AuditLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Forgets old entries of the audit log. */
@ApplicationScoped
public class TruncateAudit {

    private final AuditLog log;

    public TruncateAudit(AuditLog log) {
        this.log = log;
    }

    /** How many were forgotten. @param creator null: of all users. @param executionId null: of all executions and of none */
    @Transactional
    public int before(Instant time, @Nullable String creator, @Nullable String executionId) {
        return log.truncate(time, creator, executionId);
    }
}
