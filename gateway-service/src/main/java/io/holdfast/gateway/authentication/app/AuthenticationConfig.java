package io.holdfast.gateway.authentication.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How strict and how forgetful authentication is. */
@ConfigMapping(prefix = "holdfast.gateway.authentication")
public interface AuthenticationConfig {

    /** Wrong passwords in a row that are forgiven; one more locks the account. The manager API's {@code failed_logins_before_account_lock}. */
    @WithDefault("4")
    int failedLoginsBeforeAccountLock();

    /**
     * How long an account stays locked after its last wrong password. Zero or less: accounts are never locked. Long enough to make
     * guessing hopeless, short enough that nobody needs an administrator.
     */
    @WithDefault("10m")
    Duration accountLockPeriod();

    /** How long a password that was found right is not checked again in full. A changed password counts at once, whatever this says. */
    @WithDefault("5m")
    Duration verifiedFor();

    /** How old {@code last_login_at} and a token's {@code last_used} may become before they are written again: not with every request. */
    @WithDefault("1m")
    Duration loginRecordedEvery();
}
