package io.holdfast.messaging;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** A channel in confirm mode, and what the broker has said of the messages that went through it. One thread publishes and waits. */
final class PublishingChannel {

    private static final Logger LOG = Logger.getLogger(PublishingChannel.class);

    private final Channel channel;
    private final Confirms confirms;

    private PublishingChannel(Channel channel, Runnable onNews) {
        this.channel = channel;
        this.confirms = new Confirms(onNews);
    }

    /**
     * @param channel in confirm mode, nothing was published on it yet; nobody else uses it from now on
     * @param onNews called when all of a batch is confirmed or refused, and when the channel is lost; must only signal
     */
    static PublishingChannel on(Channel channel, Runnable onNews) {
        PublishingChannel fresh = new PublishingChannel(channel, onNews);
        Confirms confirms = fresh.confirms;
        fresh.channel.addReturnListener(returned -> confirms.returned(
                returned.getProperties().getMessageId(),
                Confirms.UNROUTABLE + ": " + returned.getReplyText() + " (exchange " + returned.getExchange() + ", key "
                        + returned.getRoutingKey() + ")"));
        fresh.channel.addConfirmListener(new ConfirmListener() {
            @Override
            public void handleAck(long deliveryTag, boolean multiple) {
                confirms.settled(deliveryTag, multiple, true);
            }

            @Override
            public void handleNack(long deliveryTag, boolean multiple) {
                confirms.settled(deliveryTag, multiple, false);
            }
        });
        fresh.channel.addShutdownListener(confirms::broken);
        return fresh;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Call it before the first of them is published, and publish all of them, in this order, before others. */
    Confirms.Batch expect(List<OutgoingMessage> messages) {
        return confirms.expect(channel.getNextPublishSeqNo(), messages);
    }

    /** Waits until the broker has at most so many messages of this channel that it has not settled. */
    void awaitAtMost(int most, Duration patience) throws IOException, TimeoutException, InterruptedException {
        confirms.awaitAtMost(most, patience);
    }

    /** Persistent and mandatory, to where it is addressed. */
    void publish(OutgoingMessage message, String service) throws IOException {
        publish(message.exchange(), message.routingKey(), message, service);
    }

    /** Persistent and mandatory, to elsewhere. */
    void publish(String exchange, String routingKey, OutgoingMessage message, String service) throws IOException {
        confirms.published();
        channel.basicPublish(exchange, routingKey, true, message.properties(service), message.payload());
    }

    void abort() {
        if (channel.isOpen()) {
            try {
                channel.abort();
            } catch (IOException | RuntimeException e) {
                LOG.debugf(e, "A relay's channel was gone already");
            }
        }
    }
}
