package io.holdfast.gateway.requests.events;

import com.rabbitmq.client.AMQP;
import io.holdfast.gateway.requests.RequestKind;
import io.holdfast.gateway.requests.RequestMessage;
import io.holdfast.gateway.requests.app.AnswerRequest;
import io.holdfast.messaging.HandBack;
import io.holdfast.messaging.MessageOrigin;
import io.holdfast.messaging.StandbyHold;
import io.holdfast.role.NodeRole;
import io.micrometer.core.instrument.Metrics;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
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

    /** What we take over into logs and headers; as for requests over HTTP. */
    private static final Pattern LOGGABLE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    private final AnswerRequest answer;
    private final NodeRole role;
    private final HandBack handBack = new HandBack();

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
            handBack.succeeded();
            return message.ack();
        } catch (RuntimeException | Error e) { // what leaves this method ends the channel, for ever
            Duration wait = handBack.pause();
            LOG.warnf("A request can neither be answered nor kept; back to the broker in %s: %s", wait, e);
            return HandBack.after(wait, message, e);
        } finally {
            MDC.remove("correlationId");
        }
    }

    private static RequestMessage read(Message<byte[]> message) {
        MessageOrigin origin = message.getMetadata(MessageOrigin.class)
                .orElseThrow(() -> new IllegalStateException("a message without its origin"));
        AMQP.BasicProperties properties = origin.properties();
        String replyTo = properties.getReplyTo();
        Map<String, Object> headers = properties.getHeaders();
        Date sentAt = properties.getTimestamp();
        return new RequestMessage(
                properties.getUserId(),
                properties.getMessageId(),
                properties.getType(),
                properties.getCorrelationId(),
                replyTo == null || replyTo.isEmpty() ? null : replyTo,
                origin.routingKey(),
                headers == null ? null : deadline(headers.get("deadline")),
                properties.getExpiration(),
                sentAt == null ? null : sentAt.toInstant(),
                message.getPayload());
    }

    /** A time as text, or as AMQP's own type. */
    private static @Nullable String deadline(@Nullable Object header) {
        if (header instanceof Date date) {
            return date.toInstant().toString();
        }
        return header == null ? null : header.toString();
    }
}
