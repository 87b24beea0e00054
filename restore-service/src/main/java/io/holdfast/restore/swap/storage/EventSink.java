package io.holdfast.restore.swap.storage;

import io.holdfast.contracts.events.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Where events of the swap go, in its own transaction: an outbox. */
@FunctionalInterface
public interface EventSink {

    void append(Connection connection, List<Event> events) throws SQLException;
}
