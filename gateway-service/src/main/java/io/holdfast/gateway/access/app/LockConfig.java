package io.holdfast.gateway.access.app;

import io.holdfast.gateway.access.LockPolicy;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When wrong passwords lock an account. */
@ConfigMapping(prefix = "holdfast.gateway.access")
public interface LockConfig {

    /** Wrong passwords in a row that are forgiven; one more locks the account. The manager API's {@code failed_logins_before_account_lock}. */
    @WithDefault("4")
    int failedLoginsBeforeAccountLock();

    /**
     * How long an account stays locked after its last wrong password. Zero or less: accounts are never locked. Long enough to make
     * guessing hopeless, short enough that nobody needs an administrator.
     */
    @WithDefault("10m")
    Duration accountLockPeriod();

    default LockPolicy policy() {
        return new LockPolicy(failedLoginsBeforeAccountLock(), accountLockPeriod());
    }
}
