package io.holdfast.messaging;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as it came in.
 *
 * @param messageId from the message, or made of its bytes where it has none
 * @param type wire name of the event, null where the message has none
 * @param correlationId follows a request through the services
 */
record Delivery(
        UUID messageId, @Nullable String type, @Nullable String correlationId, byte[] body) {}
