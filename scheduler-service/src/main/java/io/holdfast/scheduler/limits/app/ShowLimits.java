package io.holdfast.scheduler.limits.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.limits.Limit;
import io.holdfast.scheduler.limits.Limits;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers which limits there are. */
@ApplicationScoped
public class ShowLimits {

    private final Limits limits;

    ShowLimits(Limits limits) {
        this.limits = limits;
    }

    /** Of one tenant, or of all where it is null. */
    @Transactional
    public List<Limit> list(@Nullable String tenantName) {
        return limits.list(tenantName);
    }

    /** @throws ManagerException NOT_FOUND */
    @Transactional
    public Limit get(String tenantName, @Nullable String key) {
        return limits.find(tenantName, key).orElseThrow(() -> missing(tenantName, key));
    }

    static ManagerException missing(String tenantName, @Nullable String key) {
        return new ManagerException(
                ErrorCode.NOT_FOUND,
                key == null
                        ? "Tenant `" + tenantName + "` has no limit"
                        : "Concurrency key `" + key + "` of tenant `" + tenantName + "` has no limit of its own",
                key == null ? null : "without one, one execution runs at a time");
    }
}
