package io.holdfast.messaging;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Messages that wait elsewhere than in the outbox, because they can be made of the service's state when they are published: what says
 * that they wait is small, and committed with the state change. They must be such as {@link Outbox#appendRebuildable} takes. The relay
 * takes some before it takes rows of the outbox, and sends them over several channels at once, so that they arrive in any order; what
 * the broker does not take of them becomes rows of the outbox.
 */
public interface OutgoingSource {

    /**
     * Takes out what makes up one batch, and skips what is locked. A rollback puts it back.
     *
     * @param transaction the relay's, under the service's role
     * @return empty if nothing waits. An empty list: what waited has become void, and more may wait
     */
    Optional<List<OutgoingMessage>> take(Connection transaction) throws SQLException;

    /** SQL expression without parameters, cheap: whether something waits. */
    String waitingSql();

    /** SQL expression without parameters: how many messages wait. */
    String countSql();

    /** SQL expression without parameters: since when the oldest one waits; null if none does. */
    String oldestSql();
}
