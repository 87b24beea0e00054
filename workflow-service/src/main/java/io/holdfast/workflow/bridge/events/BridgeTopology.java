package io.holdfast.workflow.bridge.events;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.holdfast.messaging.Broker;
import io.holdfast.workflow.bridge.Letter;
import java.io.IOException;

/**
 * The other product's exchanges and queues, declared exactly as its workers declare them: durable, without arguments. A queue with
 * arguments of ours would refuse them.
 */
final class BridgeTopology {

    /** Started workflows wait here for a worker. */
    static final String STARTS = "cloudify.management_workflow";

    /** Events and logs of workers and agents. */
    static final String REPORTS = "cloudify-logs-events";

    private static final String LOGS_EXCHANGE = "cloudify-logs";
    private static final String ALL_EVENTS = "events.#";
    private static final String EPOCH_MARK = "holdfast.marker.bridge.";

    private BridgeTopology() {}

    /** Whether the queue of started workflows is there; if not, the broker is new, or has lost what it held. */
    static boolean hasStarts(Connection connection) throws IOException {
        return exists(connection, probe -> probe.queueDeclarePassive(STARTS));
    }

    /** @throws IOException if the queue of reports is gone; the channel is closed then */
    static void checkReports(Channel channel) throws IOException {
        try {
            channel.queueDeclarePassive(REPORTS);
        } catch (IOException e) {
            throw Broker.isNotFound(e) ? new IOException("the queue " + REPORTS + " was deleted", e) : e;
        }
    }

    /** Whether what this broker holds was handed over in this epoch; always so in epoch 0, without a cluster. */
    static boolean isOfEpoch(Connection connection, long epoch) throws IOException {
        return epoch == 0 || exists(connection, probe -> probe.exchangeDeclarePassive(EPOCH_MARK + epoch));
    }

    static void markEpoch(Channel channel, long epoch) throws IOException {
        if (epoch > 0) {
            channel.exchangeDeclare(EPOCH_MARK + epoch, BuiltinExchangeType.DIRECT, true);
        }
    }

    @FunctionalInterface
    private interface Question {
        void ask(Channel probe) throws IOException;
    }

    private static boolean exists(Connection connection, Question question) throws IOException {
        Channel probe = Broker.newChannel(connection);
        try {
            question.ask(probe);
            probe.abort();
            return true;
        } catch (IOException e) {
            if (Broker.isNotFound(e)) {
                return false;
            }
            throw e;
        }
    }

    static void declare(Channel channel) throws IOException {
        String management = Letter.Kind.START.exchange();
        channel.exchangeDeclare(management, BuiltinExchangeType.DIRECT, true);
        channel.queueDeclare(STARTS, true, false, false, null);
        channel.queueBind(STARTS, management, Letter.Kind.START.routingKey());
        channel.exchangeDeclare(Letter.Kind.CANCEL.exchange(), BuiltinExchangeType.FANOUT, true);
        String events = Letter.Kind.HOOK.exchange();
        channel.exchangeDeclare(events, BuiltinExchangeType.TOPIC, true);
        channel.exchangeDeclare(LOGS_EXCHANGE, BuiltinExchangeType.FANOUT, true);
        channel.queueDeclare(REPORTS, true, false, false, null);
        channel.queueBind(REPORTS, events, ALL_EVENTS);
        channel.queueBind(REPORTS, LOGS_EXCHANGE, "");
    }
}
