package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.gateway.GatewayMessaging;
import io.holdfast.gateway.requests.Followed;
import io.holdfast.gateway.requests.Follows;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.RequestLog;
import io.holdfast.gateway.requests.RequestMessage;
import io.holdfast.gateway.requests.RequestRefused;
import io.holdfast.gateway.requests.app.CheckRequest.Checked;
import io.holdfast.http.ApiTime;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import io.holdfast.messaging.ParkedMessages;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What is kept of a request, and its reply: each method is one transaction. */
@ApplicationScoped
public class RecordRequest {

    private static final Logger LOG = Logger.getLogger(RecordRequest.class);

    /** What of a body that nobody can be told about is kept for an operator to look at. */
    private static final int BURIED_BYTES = 128 * 1024;

    private final RequestLog log;
    private final Follows follows;
    private final Duration followFor;
    private final int mostFollowed;
    private final Outbox outbox;
    private final ParkedMessages parked;

    public RecordRequest(
            RequestLog log,
            Follows follows,
            RequestsConfig config,
            @OfService(GatewayMessaging.SERVICE) Outbox outbox,
            @OfService(GatewayMessaging.SERVICE) ParkedMessages parked) {
        this.log = log;
        this.follows = follows;
        this.followFor = config.followFor();
        this.mostFollowed = config.mostFollowed();
        this.outbox = outbox;
        this.parked = parked;
    }

    /**
     * How a request begins.
     *
     * @param reply the final one, if it was given before: nothing is to be done
     * @param repeated whether an earlier try may have got through
     */
    record Beginning(@Nullable Reply reply, boolean repeated) {}

    /** Committed before anything is done, so that another request under the same key is known for one, whatever happens. */
    @Transactional
    Beginning begin(Checked checked, RequestMessage message) {
        byte[] fingerprint = message.fingerprint();
        Optional<RequestLog.Known> known = log.lock(checked.key());
        if (known.isEmpty()) {
            Instant expiresAt = checked.expiresAt();
            if (expiresAt != null && !log.now().isBefore(expiresAt)) {
                throw new RequestRefused(
                        ErrorCode.EXPIRED, "the request was to be carried out before " + expiresAt, null);
            }
            if (CheckRequest.wantsToFollow(checked.request())
                    && follows.count(checked.key().clientId()) >= mostFollowed) {
                throw new RequestRefused(
                        ErrorCode.RATE_LIMIT,
                        "producer `" + checked.key().clientId() + "` follows " + mostFollowed
                                + " executions already, the most that it may",
                        "send the same message again when some of them have ended, or another one without follow");
            }
            if (log.add(checked.key(), fingerprint, checked.kind().type(), checked.tenant())) {
                return new Beginning(null, false);
            }
            known = log.lock(checked.key());
        }
        RequestLog.Known before = known.orElseThrow(() -> new IllegalStateException("a request has vanished"));
        if (!Arrays.equals(before.fingerprint(), fingerprint)) {
            throw CarryOutRequest.conflict(checked);
        }
        if (before.reply() == null) {
            log.tryAgain(checked.key());
        }
        return new Beginning(before.reply(), true);
    }

    /** Keeps the final reply and sends it; where another gateway has answered meanwhile, sends that answer. @return what was sent */
    @Transactional
    Reply finish(Checked checked, Producer producer, RequestMessage message, Reply reply) {
        Reply before = log.lock(checked.key()).map(RequestLog.Known::reply).orElse(null);
        Reply sent = before == null ? reply : before.again();
        if (before == null) {
            log.answer(checked.key(), reply);
            follow(checked, message, reply);
        }
        append(producer, message, sent);
        return sent;
    }

    private void follow(Checked checked, RequestMessage message, Reply reply) {
        String replyTo = message.replyTo();
        if (replyTo == null
                || !CheckRequest.wantsToFollow(checked.request())
                || !(reply instanceof Reply.Accepted accepted)
                || accepted.executionId() == null) {
            return;
        }
        String answeredAs = message.answeredAs();
        String due = accepted.scheduledFor();
        follows.add(
                new Followed(
                        checked.key(),
                        checked.tenant(),
                        accepted.executionId(),
                        replyTo,
                        answeredAs == null ? null : RequestRefused.printable(answeredAs),
                        String.valueOf(accepted.status())),
                due == null ? null : ApiTime.parse(due),
                followFor);
    }

    /** Sends a reply that is not kept. */
    @Transactional
    void send(Producer producer, RequestMessage message, Reply reply) {
        append(producer, message, reply);
    }

    /** Keeps a message that nobody can be told about, for an operator. */
    @Transactional
    void bury(RequestMessage message, String reason, String error) {
        Map<String, String> headers = new LinkedHashMap<>();
        put(headers, "user_id", message.userId());
        put(headers, "message_id", message.messageId());
        put(headers, "routing_key", message.routingKey());
        put(headers, "reply_to", message.replyTo());
        put(headers, "correlationId", message.correlationId());
        String type = message.type();
        byte[] body = message.body();
        parked.bury(
                GatewayMessaging.REQUESTS,
                UUID.nameUUIDFromBytes(
                        (headers + reason + UUID.nameUUIDFromBytes(body)).getBytes(StandardCharsets.UTF_8)),
                type == null ? null : RequestRefused.printable(type),
                headers,
                body.length > BURIED_BYTES ? Arrays.copyOf(body, BURIED_BYTES) : body,
                reason,
                RequestRefused.printable(error)
                        + (body.length > BURIED_BYTES
                                ? " (only the first " + BURIED_BYTES + " of " + body.length + " bytes are kept)"
                                : ""));
        LOG.warnf("A request is a dead letter (%s): %s", reason, RequestRefused.printable(error));
    }

    private void append(Producer producer, RequestMessage message, Reply reply) {
        String queue = message.replyTo();
        if (queue == null) {
            if (reply instanceof Reply.Refused refused) {
                bury(message, refused.code(), "no reply_to, so nobody was told: " + refused.detail());
            }
            return;
        }
        String answeredAs = message.answeredAs();
        outbox.appendReply(
                reply.type(),
                queue,
                producer.clientId(),
                null,
                answeredAs == null ? null : RequestRefused.printable(answeredAs),
                reply);
    }

    private static void put(Map<String, String> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.put(name, RequestRefused.printable(value));
        }
    }
}
