package io.holdfast.messaging;

import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes one service's outbox, and what an {@link OutgoingSource} has: takes a batch out in a transaction, publishes it persistent and
 * mandatory, waits for the confirms, commits. While the confirms of one batch are on their way the next one is taken and published
 * already, in a transaction of its own; never more than two, or four where they are small, and they are settled in order. A crash or a
 * lost broker rolls all of them back and they are sent again with the same message ids: at least once, and at most two batches twice. A
 * message that comes back unroutable, or is refused, waits in the outbox with what was wrong and is tried again later; the others of its
 * batch are not held up. Sleeps until it is woken, by whoever has something to publish or by the last confirm of a batch.
 */
final class Relay implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** A full queue of somebody outside may be emptied soon, but is not waited for longer than this many tries, a minute. */
    private static final int MOST_TRIES_OF_A_REPLY = 6;

    /** RabbitMQ works through each channel in a process of its own. */
    private static final int CHANNELS_FOR_A_SOURCE = 8;

    /**
     * Messages that wait for their confirms, of all channels and of one. RabbitMQ makes a channel wait that has more than 32 of them on their
     * way to a quorum queue; what then piles up in its processes makes each message cost it up to twice as much.
     */
    private static final int MOST_ON_THE_WAY = 256;

    private static final int MOST_OF_ONE_CHANNEL = 128;

    /** Transactions whose confirms are waited for, however many messages they have. */
    private static final int LANES = 2;

    /** Where all of them have no more than {@link #MOST_ON_THE_WAY}: a message that comes alone need not wait for those before it. */
    private static final int SMALL_LANES = 4;

    private final String service;
    private final String schema;
    private final DataSource dataSource;
    private final Broker broker;
    private final int batchSize;
    private final Duration confirmTimeout;
    private final String takeSql;
    private final @Nullable OutgoingSource source;
    private final BooleanSupplier active;
    private final Semaphore wakeUps = new Semaphore(0);
    private final AtomicBoolean somethingWaits = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private final List<PublishingChannel> channels = new ArrayList<>();

    /** What was published and is not settled, in order. Only the relay's thread touches it. */
    private final Deque<Lane> onTheWay = new ArrayDeque<>();

    private volatile boolean running = true;
    private boolean toldOfDroppedReplies;

    /** @param active whether this node may publish; asked before each batch is taken */
    Relay(ServiceSchema schema, Broker broker, MessagingConfig config, BooleanSupplier active) {
        this.active = active;
        this.service = schema.name();
        this.schema = schema.controlSchema();
        this.dataSource = schema.dataSource();
        this.broker = broker;
        this.batchSize = config.relayBatch();
        this.confirmTimeout = config.confirmTimeout();
        this.source = schema.source();
        this.takeSql = takeSql(this.schema, !config.sentRetention().isZero());
        this.thread = new Thread(this::run, "holdfast-relay-" + service);
        this.thread.setDaemon(true);
    }

    /**
     * The rows are found by their place, which cannot change while they are locked: no join of the table with itself. What was
     * published is kept in the same statement, for a broker that loses its data.
     */
    private static String takeSql(String schema, boolean keeping) {
        String kept = "INSERT INTO " + schema
                + ".outbox_sent (seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange,"
                + " routing_key, headers, payload, created_at) SELECT seq, message_id, type, aggregate_id,"
                + " aggregate_version, tenant_name, exchange, routing_key, headers, payload, created_at FROM taken"
                + " WHERE NOT rebuildable";
        return "WITH taken AS (DELETE FROM " + schema + ".outbox WHERE ctid = ANY(ARRAY(SELECT ctid FROM " + schema
                + ".outbox WHERE not_before <= statement_timestamp() ORDER BY seq LIMIT ? FOR UPDATE SKIP LOCKED))"
                + " RETURNING seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange,"
                + " routing_key, headers, payload, created_at, attempts, rebuildable)"
                + (keeping ? ", kept AS (" + kept + ")" : "")
                + " SELECT seq, message_id::text, type, aggregate_id, aggregate_version, tenant_name, exchange,"
                + " routing_key, headers, payload, created_at, attempts, rebuildable FROM taken ORDER BY seq";
    }

    void start() {
        thread.start();
        wake();
    }

    /** There may be something to publish. Cheap, from any thread. */
    void wake() {
        somethingWaits.set(true);
        lookUp();
    }

    private void lookUp() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Stops after the batches at hand. */
    @Override
    public void close() {
        running = false;
        stopped.countDown();
        wake();
        try {
            thread.join(confirmTimeout.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        boolean failing = false;
        while (running) {
            try {
                if (failing || awaitWakeUp()) {
                    publishWaiting();
                } else {
                    settleConfirmed();
                }
                if (failing) {
                    LOG.infof("Relay of %s publishes again", service);
                }
                failing = false;
                pause = FIRST_PAUSE;
            } catch (InterruptedException e) {
                LOG.debugf("Relay of %s was asked to stop", service);
                abandon();
                break;
            } catch (IOException | TimeoutException | SQLException | ShutdownSignalException e) {
                abandon();
                if (!running) {
                    break;
                }
                if (!failing) {
                    LOG.warnf("Relay of %s cannot publish and will try again: %s", service, e);
                }
                failing = true;
                sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            } catch (RuntimeException e) {
                abandon();
                LOG.errorf(e, "Relay of %s met what it does not expect and will try again", service);
                failing = true;
                sleep(LONGEST_PAUSE);
            }
        }
        finish();
        abandon();
    }

    /** True if there may be something to publish, false if there is news of what is on its way, or its time is up. */
    private boolean awaitWakeUp() throws InterruptedException {
        Lane oldest = onTheWay.peek();
        if (oldest == null) {
            wakeUps.acquire();
        } else if (!wakeUps.tryAcquire(oldest.patience().toNanos(), TimeUnit.NANOSECONDS)) {
            LOG.debugf("Relay of %s waits for confirms no longer", service);
        }
        wakeUps.drainPermits();
        return somethingWaits.getAndSet(false);
    }

    /** Publishes until less than a whole batch was there, and settles what is confirmed. The rest is settled by a later call. */
    private void publishWaiting() throws SQLException, IOException, TimeoutException, InterruptedException {
        boolean more = true;
        while (more && running && active.getAsBoolean()) {
            // Before any row is held: connecting may have to put back what a lost broker had, and waits for the
            // holders of rows.
            List<PublishingChannel> open = channels();
            while (!hasRoom()) {
                settle(onTheWay.element());
            }
            more = publishNext(open);
            settleConfirmed();
        }
        settleConfirmed();
    }

    private boolean hasRoom() {
        int messages = onTheWay.stream().mapToInt(Lane::size).sum();
        return onTheWay.size() < (messages <= MOST_ON_THE_WAY ? SMALL_LANES : LANES);
    }

    /** Takes a batch and publishes it. False if there is nothing after it. */
    private boolean publishNext(List<PublishingChannel> open)
            throws SQLException, IOException, TimeoutException, InterruptedException {
        Lane next = new Lane();
        try {
            Optional<List<OutgoingMessage>> made = takeFromSource(next);
            List<Confirms.Batch> batches = new ArrayList<>(publish(open, made.orElse(List.of())));
            List<OutgoingMessage> rows = take(next);
            batches.addAll(publish(open.subList(0, 1), rows));
            if (made.isPresent() || !rows.isEmpty()) {
                next.published(batches);
                onTheWay.add(next);
            }
            return made.isPresent() || rows.size() == batchSize;
        } finally {
            if (onTheWay.peekLast() != next) {
                next.close();
            }
        }
    }

    private void settleConfirmed() throws SQLException, IOException, TimeoutException, InterruptedException {
        Lane oldest = onTheWay.peek();
        while (oldest != null && oldest.isConfirmed()) {
            settle(oldest);
            oldest = onTheWay.peek();
        }
    }

    /** What is on its way when it is to stop is waited for. */
    private void finish() {
        try {
            while (!onTheWay.isEmpty()) {
                settle(onTheWay.element());
            }
        } catch (IOException | TimeoutException | SQLException | ShutdownSignalException e) {
            LOG.warnf("Relay of %s stops; what it published last will be sent again: %s", service, e);
        } catch (InterruptedException e) {
            LOG.debugf("Relay of %s does not wait for its last confirms", service);
        }
    }

    /** Rolls back what is not settled, so that it is sent again over new channels. */
    private void abandon() {
        for (Lane lane : onTheWay) {
            try {
                lane.close();
            } catch (SQLException e) {
                LOG.debugf(e, "Relay of %s lost a transaction that was to be rolled back", service);
            }
        }
        onTheWay.clear();
        dropChannels();
    }

    /** A transaction and the batches that it holds, one for each channel that has some. Rolled back unless it was settled. */
    private final class Lane implements AutoCloseable {

        private @Nullable Connection connection;
        private List<Confirms.Batch> batches = List.of();
        private long publishedNanos;

        void published(List<Confirms.Batch> all) {
            batches = all;
            publishedNanos = System.nanoTime();
        }

        int size() {
            return batches.stream().mapToInt(Confirms.Batch::size).sum();
        }

        /** How long the broker still has to confirm it; not negative. */
        Duration patience() {
            Duration left = confirmTimeout.minusNanos(System.nanoTime() - publishedNanos);
            return left.isNegative() ? Duration.ZERO : left;
        }

        /** Fails where the broker will not confirm all of it, or should have. */
        boolean isConfirmed() throws IOException, TimeoutException {
            for (Confirms.Batch batch : batches) {
                if (!batch.isConfirmed(patience())) {
                    return false;
                }
            }
            return true;
        }

        Connection begin() throws SQLException {
            Connection open = connection;
            if (open == null) {
                open = dataSource.getConnection();
                connection = open;
                open.setAutoCommit(false);
            }
            return open;
        }

        @Override
        public void close() throws SQLException {
            Connection open = connection;
            connection = null;
            if (open != null) {
                try (open) {
                    open.rollback();
                    open.setAutoCommit(true);
                }
            }
        }
    }

    /** One batch of it. Empty if nothing waits there. */
    private Optional<List<OutgoingMessage>> takeFromSource(Lane lane) throws SQLException {
        return source == null ? Optional.empty() : source.take(lane.begin());
    }

    private List<OutgoingMessage> take(Lane lane) throws SQLException {
        List<OutgoingMessage> messages = new ArrayList<>();
        try (PreparedStatement statement = lane.begin().prepareStatement(takeSql)) {
            statement.setInt(1, batchSize);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    messages.add(OutgoingMessage.of(rows));
                }
            }
        }
        return messages;
    }

    /** Rows leave in their order, through one channel. What a source made has none and is spread over all. */
    private List<Confirms.Batch> publish(List<PublishingChannel> open, List<OutgoingMessage> messages)
            throws IOException, TimeoutException, InterruptedException {
        List<List<OutgoingMessage>> shares = new ArrayList<>();
        open.forEach(channel -> shares.add(new ArrayList<>(messages.size() / open.size() + 1)));
        for (int i = 0; i < messages.size(); i++) {
            shares.get(i % open.size()).add(messages.get(i));
        }
        List<Confirms.Batch> batches = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            if (!shares.get(i).isEmpty()) {
                batches.add(open.get(i).expect(shares.get(i)));
            }
        }
        int most = Math.min(MOST_OF_ONE_CHANNEL, MOST_ON_THE_WAY / channels.size());
        int longest = shares.stream().mapToInt(List::size).max().orElse(0);
        for (int from = 0; from < longest; from += most / 2) {
            for (int i = 0; i < open.size(); i++) {
                List<OutgoingMessage> share = shares.get(i);
                int to = Math.min(share.size(), from + most / 2);
                if (from < to) {
                    publish(open.get(i), share.subList(from, to), most / 2);
                }
            }
        }
        return batches;
    }

    /** A part of a channel's share, whose messages leave together, once few enough of this channel are on the way. */
    private void publish(PublishingChannel channel, List<OutgoingMessage> part, int few)
            throws IOException, TimeoutException, InterruptedException {
        channel.awaitAtMost(few, confirmTimeout);
        HeldSockets.Hold hold = broker.hold();
        try {
            for (OutgoingMessage message : part) {
                channel.publish(message, service);
            }
        } finally {
            hold.close();
        }
    }

    /** Waits for the broker's word on every message, puts back what it did not take, commits. */
    private void settle(Lane lane) throws SQLException, IOException, TimeoutException, InterruptedException {
        List<Confirms.Batch> batches = lane.batches;
        Connection connection = lane.begin();
        Map<OutgoingMessage, String> failed = new LinkedHashMap<>();
        for (Confirms.Batch batch : batches) {
            failed.putAll(batch.await(lane.patience()));
        }
        if (!batches.isEmpty()) {
            dropReplies(failed);
            putBack(connection, failed);
            if (!active.getAsBoolean()) {
                // The broker at hand is not the one that is listened to any more: another node sends them over its own.
                throw new IOException(
                        "this node is not active any more; what it published last is not counted as sent");
            }
        }
        connection.commit();
        onTheWay.remove(lane);
        lane.close();
        MessageMetrics.published(service, lane.size() - failed.size());
        batches.forEach(batch -> MessageMetrics.confirmed(service, batch.waited()));
        failed.values().forEach(why -> MessageMetrics.refused(service, why));
    }

    /** Takes out what is for somebody outside who is not there to take it. */
    private void dropReplies(Map<OutgoingMessage, String> failed) {
        failed.entrySet().removeIf(entry -> {
            OutgoingMessage message = entry.getKey();
            String why = entry.getValue();
            boolean dropped = message.droppedWhenReturned()
                    && (why.startsWith(Confirms.UNROUTABLE) || message.attempts() + 1 >= MOST_TRIES_OF_A_REPLY);
            if (dropped) {
                MessageMetrics.replyDropped(service);
                if (!toldOfDroppedReplies) {
                    toldOfDroppedReplies = true;
                    LOG.warnf(
                            "%s %s of %s was dropped, its receiver does not take it (said once; all are counted): %s",
                            message.type(), message.messageId(), service, why);
                }
            }
            return dropped;
        });
    }

    /** One that its sender has said again meanwhile, under the same id, waits already. */
    private void putBack(Connection connection, Map<OutgoingMessage, String> failed) throws SQLException {
        if (failed.isEmpty()) {
            return;
        }
        try (PreparedStatement notSent = connection.prepareStatement("DELETE FROM " + schema
                        + ".outbox_sent WHERE published_at >= transaction_timestamp() AND message_id = ?::uuid");
                PreparedStatement insert = connection.prepareStatement("INSERT INTO " + schema
                        + ".outbox (seq, message_id, type, aggregate_id, aggregate_version, tenant_name, exchange,"
                        + " routing_key, headers, payload, created_at, attempts, rebuildable, not_before, last_error)"
                        + " VALUES (coalesce(?, nextval(pg_get_serial_sequence('" + schema
                        + ".outbox', 'seq'))), ?::uuid, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?, ?, statement_timestamp() +"
                        + " ? * interval '1 second', ?) ON CONFLICT (message_id) DO NOTHING")) {
            for (Map.Entry<OutgoingMessage, String> entry : failed.entrySet()) {
                OutgoingMessage message = entry.getKey();
                int attempts = message.attempts() + 1;
                notSent.setString(1, message.messageId());
                notSent.addBatch();
                insert.setObject(1, message.seq() == OutgoingMessage.NO_SEQ ? null : message.seq(), Types.BIGINT);
                insert.setString(2, message.messageId());
                insert.setString(3, message.type());
                insert.setString(4, message.subject());
                insert.setObject(5, message.aggregateVersion());
                insert.setString(6, message.tenantName());
                insert.setString(7, message.exchange());
                insert.setString(8, message.routingKey());
                insert.setString(9, message.headers());
                insert.setString(10, new String(message.payload(), StandardCharsets.UTF_8));
                insert.setTimestamp(11, Timestamp.from(message.createdAt()));
                insert.setInt(12, attempts);
                insert.setBoolean(13, message.rebuildable());
                insert.setLong(14, secondsUntilNextTry(attempts));
                insert.setString(15, entry.getValue());
                insert.addBatch();
            }
            notSent.executeBatch();
            insert.executeBatch();
        }
        warn(failed);
    }

    /** Once for each reason: a queue that is missing fails all of a batch. */
    private void warn(Map<OutgoingMessage, String> failed) {
        Map<String, List<OutgoingMessage>> byReason = new LinkedHashMap<>();
        failed.forEach((message, why) -> {
            if (message.attempts() == 0) {
                byReason.computeIfAbsent(why, any -> new ArrayList<>()).add(message);
            }
        });
        byReason.forEach((why, messages) -> LOG.warnf(
                "%s %s of %s%s was not taken by the broker and will be tried again: %s",
                messages.get(0).type(),
                messages.get(0).messageId(),
                service,
                messages.size() == 1 ? "" : ", like " + (messages.size() - 1) + " others of its batch,",
                why));
    }

    /** 1 s, 2 s, 4 s ... 5 min: a queue that is being declared comes soon, a wrong routing key needs a person. */
    private static long secondsUntilNextTry(int attempts) {
        return Math.min(300, 1L << Math.min(attempts - 1, 9));
    }

    /** All of them, open. One that is lost takes the others with it: what waits for its confirms is sent again over new ones. */
    private List<PublishingChannel> channels() throws IOException, TimeoutException {
        if (!channels.isEmpty() && channels.stream().allMatch(PublishingChannel::isOpen)) {
            return channels;
        }
        if (!onTheWay.isEmpty()) {
            throw new IOException("a channel was lost while messages were on their way");
        }
        dropChannels();
        int wanted = source == null ? 1 : CHANNELS_FOR_A_SOURCE;
        while (channels.size() < wanted) {
            channels.add(PublishingChannel.on(broker.openChannel(), this::lookUp));
        }
        return channels;
    }

    private void dropChannels() {
        channels.forEach(PublishingChannel::abort);
        channels.clear();
    }

    private void sleep(Duration pause) {
        try {
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debugf("Relay of %s was asked to stop", service);
            }
        } catch (InterruptedException e) {
            LOG.debugf("Relay of %s was asked to stop", service);
        }
    }
}
