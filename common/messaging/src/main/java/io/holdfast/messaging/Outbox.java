package io.holdfast.messaging;

import io.holdfast.contracts.events.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Where a service leaves its events, inside the transaction that makes them true. The relay publishes them after the commit, at
 * least once, in the order of appending as far as one relay goes. Thread-safe.
 */
public class Outbox {

    /** The channel that wakes relays; its payload is the service's short name. */
    static final String NOTIFY_CHANNEL = "holdfast_outbox";

    private static final String MDC_CORRELATION = "correlationId";
    private static final String MDC_CAUSATION = "messageId";

    private final DataSource dataSource;
    private final String schema;
    private final MessageIds ids;

    /**
     * @param dataSource the service's own; in a JTA transaction it must give that transaction's connection
     * @param schema the service's control schema, for example {@code scheduler_control}
     */
    public Outbox(DataSource dataSource, String schema, Clock clock) {
        this.dataSource = dataSource;
        this.schema = schema;
        this.ids = new MessageIds(clock);
    }

    /** Call it inside the transaction of the state change. */
    public void append(Event event) {
        appendAll(List.of(event));
    }

    /**
     * As {@link #append(Event)}, under a message id of the caller's: of one that is in the outbox already nothing is added, and
     * inboxes drop what they have had under it. For what may have to be said again.
     */
    public void append(Event event, UUID messageId) {
        append(event, messageId, false);
    }

    /**
     * As {@link #append(Event, UUID)}, for a message that its sender makes again from its own state when it hears {@link
     * BrokerRebuilt}: it is not kept after it was published.
     */
    public void appendRebuildable(Event event, UUID messageId) {
        append(event, messageId, true);
    }

    /**
     * As {@link #append(Event)}, of something whose changes are counted: who keeps its newest state drops what has a lower version.
     *
     * @param version of what the event is about, after the change that it tells
     */
    public void append(Event event, int version) {
        append(event, ids.next(), false, version);
    }

    private void append(Event event, UUID messageId, boolean rebuildable) {
        append(event, messageId, rebuildable, null);
    }

    private void append(Event event, UUID messageId, boolean rebuildable, @Nullable Integer version) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement(insertSql() + " ON CONFLICT DO NOTHING")) {
            bind(insert, event, messageId, EventJson.text(headers()), rebuildable, version);
            insert.executeUpdate();
            wakeRelays(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot append to " + schema + ".outbox", e);
        }
    }

    /** As {@link #append(Event)}, in one batch. */
    public void appendAll(List<? extends Event> events) {
        if (events.isEmpty()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            append(connection, events);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot append to " + schema + ".outbox", e);
        }
    }

    /** As {@link #appendAll} on a connection that the caller holds and commits. */
    public void append(Connection connection, List<? extends Event> events) throws SQLException {
        String headers = EventJson.text(headers());
        try (PreparedStatement insert = connection.prepareStatement(insertSql())) {
            for (Event event : events) {
                bind(insert, event, ids.next(), headers, false, null);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        wakeRelays(connection);
    }

    private String insertSql() {
        return "INSERT INTO " + schema
                + ".outbox (message_id, type, aggregate_id, tenant_name, exchange, routing_key, headers, payload,"
                + " rebuildable, aggregate_version) VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)";
    }

    private static void bind(
            PreparedStatement insert,
            Event event,
            UUID messageId,
            String headers,
            boolean rebuildable,
            @Nullable Integer version)
            throws SQLException {
        insert.setObject(1, messageId);
        insert.setString(2, event.type());
        insert.setString(3, event.subject());
        insert.setString(4, event.tenant());
        insert.setString(5, event.exchange());
        insert.setString(6, event.routingKey());
        insert.setString(7, headers);
        insert.setString(8, EventJson.write(event));
        insert.setBoolean(9, rebuildable);
        insert.setObject(10, version, Types.INTEGER);
    }

    private void wakeRelays(Connection connection) throws SQLException {
        try (PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            notify.setString(1, NOTIFY_CHANNEL);
            notify.setString(2, serviceName());
            notify.execute();
        }
    }

    /**
     * A message for a queue of somebody outside, by the default exchange. One that the broker cannot route is dropped: the queue is
     * not ours to wait for. Call it inside the transaction of what it tells about.
     *
     * @param queue checked by the caller: it is published with our rights
     * @param correlationId the asker's own, unchanged; null for none
     * @param body written as {@link EventJson} writes
     */
    public void appendReply(
            String type,
            String queue,
            String subject,
            @Nullable String tenant,
            @Nullable String correlationId,
            Object body) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(OutgoingMessage.DROP_WHEN_RETURNED, true);
        if (correlationId != null) {
            headers.put("correlationId", correlationId);
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
                        + ".outbox (message_id, type, aggregate_id, tenant_name, exchange, routing_key, headers,"
                        + " payload) VALUES (?, ?, ?, ?, '', ?, ?::jsonb, ?::jsonb)");
                PreparedStatement notify = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
            insert.setObject(1, ids.next());
            insert.setString(2, type);
            insert.setString(3, subject);
            insert.setString(4, tenant);
            insert.setString(5, queue);
            insert.setString(6, EventJson.text(headers));
            insert.setString(7, EventJson.text(body));
            insert.executeUpdate();
            notify.setString(1, NOTIFY_CHANNEL);
            notify.setString(2, serviceName());
            notify.execute();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot append a reply to " + schema + ".outbox", e);
        }
    }

    private String serviceName() {
        return schema.endsWith("_control") ? schema.substring(0, schema.length() - "_control".length()) : schema;
    }

    private static Map<String, Object> headers() {
        Map<String, Object> headers = new HashMap<>();
        if (MDC.get(MDC_CORRELATION) instanceof String correlation) {
            headers.put("correlationId", correlation);
        }
        if (MDC.get(MDC_CAUSATION) instanceof String causation) {
            headers.put("cloudEvents_causationid", causation);
        }
        return headers;
    }
}
