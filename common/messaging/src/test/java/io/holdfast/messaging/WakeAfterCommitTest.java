package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A relay of this JVM is woken by what was committed, and only then. */
class WakeAfterCommitTest {

    private final Transaction transaction = new Transaction();
    private final List<String> woken = new ArrayList<>();
    private final WakeAfterCommit wake = new WakeAfterCommit(transaction, wakeups());

    private Wakeups wakeups() {
        Wakeups wakeups = new Wakeups("jdbc:postgresql://nowhere/none", "nobody", "none", new Defaults());
        wakeups.on(Outbox.NOTIFY_CHANNEL, woken::add);
        return wakeups;
    }

    @Test
    void commitWakesEachRelayOnce() {
        // given
        transaction.status = Status.STATUS_ACTIVE;
        // when
        wake.relayOf("scheduler");
        wake.relayOf("scheduler");
        wake.relayOf("cluster");
        // then
        assertThat(woken).isEmpty();
        // when
        transaction.ends(Status.STATUS_COMMITTED);
        // then
        assertThat(woken).containsExactly("scheduler", "cluster");
    }

    @Test
    void rollbackWakesNobody() {
        // given
        transaction.status = Status.STATUS_ACTIVE;
        wake.relayOf("scheduler");
        // when
        transaction.ends(Status.STATUS_ROLLEDBACK);
        // then
        assertThat(woken).isEmpty();
    }

    @Test
    void withoutTransactionTheNotificationIsEnough() {
        // when
        wake.relayOf("scheduler");
        // then
        assertThat(transaction.synchronizations).isEmpty();
        assertThat(woken).isEmpty();
    }

    /** The one at hand. */
    private static final class Transaction implements TransactionSynchronizationRegistry {

        private final List<Synchronization> synchronizations = new ArrayList<>();
        private final Map<Object, Object> resources = new HashMap<>();
        private int status = Status.STATUS_NO_TRANSACTION;

        void ends(int outcome) {
            status = outcome;
            synchronizations.forEach(synchronization -> synchronization.afterCompletion(outcome));
        }

        @Override
        public Object getTransactionKey() {
            return this;
        }

        @Override
        public void putResource(Object key, Object value) {
            resources.put(key, value);
        }

        @Override
        public @Nullable Object getResource(Object key) {
            return resources.get(Objects.requireNonNull(key));
        }

        @Override
        public void registerInterposedSynchronization(Synchronization synchronization) {
            synchronizations.add(synchronization);
        }

        @Override
        public int getTransactionStatus() {
            return status;
        }

        @Override
        public void setRollbackOnly() {
            throw new IllegalStateException("nobody asks for it");
        }

        @Override
        public boolean getRollbackOnly() {
            return false;
        }
    }
}
