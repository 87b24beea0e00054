package io.holdfast.gateway.access;

import java.time.Duration;
import java.time.Instant;

/**
 * When wrong passwords lock an account. Source: cloudify-api section 1.3.
 *
 * @param allowedFailures so many in a row are forgiven; one more locks
 * @param period how long it stays locked after the last failure; zero or less: accounts are never locked
 */
public record LockPolicy(int allowedFailures, Duration period) {

    public boolean locks(Account account, Instant now) {
        Instant last = account.lastFailedLoginAt();
        return account.failedLogins() > allowedFailures && last != null && now.isBefore(last.plus(period));
    }
}
