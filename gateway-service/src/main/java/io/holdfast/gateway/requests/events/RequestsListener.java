package io.holdfast.gateway.requests.events;

import io.holdfast.gateway.requests.RequestKind;
import io.holdfast.gateway.requests.RequestMessage;
import io.holdfast.gateway.requests.app.AnswerRequest;
import io.holdfast.messaging.StandbyHold;
import io.holdfast.role.NodeRole;
import io.micrometer.core.instrument.Metrics;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.rabbitmq.IncomingRabbitMQMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * The queue {@code gateway.requests}. Not one of the handlers that park: who sends here waits for an answer. A message goes back to the
 * broker only while the database is away; one after the other, so that a producer's requests are carried out in its order.
 */
@ApplicationScoped
public class RequestsListener {

    private static final Logger LOG = Logger.getLogger(RequestsListener.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** What we take over into logs and headers; as for requests over HTTP. */
    private static final Pattern LOGGABLE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private final AnswerRequest answer;
    private final NodeRole role;
    private volatile Duration pause = FIRST_PAUSE;

    public RequestsListener(AnswerRequest answer, NodeRole role) {
        this.answer = answer;
        this.role = role;
    }

    @Incoming("gateway-requests")
    @Blocking
    public CompletionStage<Void> receive(Message<byte[]> message) {
        return StandbyHold.until(role, message, this::receiveNow);
    }

    private CompletionStage<Void> receiveNow(Message<byte[]> message) {
        RequestMessage request = read(message);
        String correlation = request.answeredAs();
        MDC.put(
                "correlationId",
                correlation != null && LOGGABLE.matcher(correlation).matches()
                        ? correlation
                        : UUID.randomUUID().toString());
        try {
            String outcome = answer.answer(request);
            String type = request.type();
            Metrics.counter(
                            "holdfast.requests",
                            "type",
                            type != null && RequestKind.find(type).isPresent() ? type : "unknown",
                            "outcome",
                            outcome)
                    .increment();
            pause = FIRST_PAUSE;
            return message.ack();
        } catch (RuntimeException e) {
            Duration wait = pause;
            pause = wait.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait.multipliedBy(2);
            LOG.warnf("A request can neither be answered nor kept; back to the broker in %s: %s", wait, e);
            return CompletableFuture.runAsync(
                            () -> LOG.debug("a request goes back to the broker"),
                            CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS))
                    .thenCompose(waited -> message.nack(e));
        } finally {
            MDC.remove("correlationId");
        }
    }

    private static RequestMessage read(Message<byte[]> message) {
        IncomingRabbitMQMetadata metadata = message.getMetadata(IncomingRabbitMQMetadata.class)
                .orElseThrow(() -> new IllegalStateException("a message without metadata"));
        return new RequestMessage(
                metadata.getUserId().orElse(null),
                metadata.getMessageId().orElse(null),
                metadata.getType().orElse(null),
                metadata.getCorrelationId().orElse(null),
                metadata.getReplyTo().filter(queue -> !queue.isEmpty()).orElse(null),
                metadata.getRoutingKey(),
                deadline(metadata.getHeaders().get("deadline")),
                metadata.getExpiration().orElse(null),
                sentAt(metadata),
                message.getPayload());
    }

    private static @Nullable Instant sentAt(IncomingRabbitMQMetadata metadata) {
        return metadata.getTimestamp(ZoneOffset.UTC)
                .map(ZonedDateTime::toInstant)
                .orElse(null);
    }

    /** A time as text, or as AMQP's own type. */
    private static @Nullable String deadline(@Nullable Object header) {
        if (header instanceof Date date) {
            return date.toInstant().toString();
        }
        return header == null ? null : header.toString();
    }
}
