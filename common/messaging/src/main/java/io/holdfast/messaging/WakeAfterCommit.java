package io.holdfast.messaging;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/**
 * Wakes a relay of this JVM as soon as the transaction at hand has committed. The database's notification does so, too, and reaches other
 * processes, but comes a millisecond or two later.
 */
@ApplicationScoped
public class WakeAfterCommit {

    private final TransactionSynchronizationRegistry transactions;
    private final Wakeups wakeups;

    WakeAfterCommit(TransactionSynchronizationRegistry transactions, Wakeups wakeups) {
        this.transactions = transactions;
        this.wakeups = wakeups;
    }

    /**
     * Once for each transaction, however often it is called. Outside of one it does nothing: the notification is enough.
     *
     * @param service its short name, for example {@code scheduler}
     */
    public void relayOf(String service) {
        String key = WakeAfterCommit.class.getName() + '/' + service;
        if (transactions.getTransactionStatus() == Status.STATUS_ACTIVE && transactions.getResource(key) == null) {
            transactions.putResource(key, service);
            transactions.registerInterposedSynchronization(new Wake(service));
        }
    }

    private final class Wake implements Synchronization {

        private final String service;

        Wake(String service) {
            this.service = service;
        }

        @Override
        public void beforeCompletion() {
            // Nobody else sees it yet.
        }

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                wakeups.relayOf(service);
            }
        }
    }
}
