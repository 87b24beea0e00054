package io.holdfast.messaging;

import com.rabbitmq.client.AMQP;

/**
 * Metadata of every message that {@link QueueConnector} receives.
 *
 * @param properties as the sender set them; texts in headers are {@link com.rabbitmq.client.LongString}
 * @param routingKey by which it came to the queue
 */
public record MessageOrigin(AMQP.BasicProperties properties, String routingKey) {}
