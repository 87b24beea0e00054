package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.contracts.requests.Reply;
import io.holdfast.gateway.requests.Producer;
import io.holdfast.gateway.requests.Producers;
import io.holdfast.gateway.requests.RequestMessage;
import io.holdfast.gateway.requests.RequestRefused;
import io.holdfast.gateway.requests.app.CheckRequest.Checked;
import io.holdfast.gateway.requests.app.RecordRequest.Beginning;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The whole way of one message: who sent it, may it be answered where it says, is it a request that may be made, was it made before, is
 * it in time; then it is carried out and answered. Whatever is wrong ends in a reply or in a dead letter, so that nothing blocks the
 * queue. Source of the order: the design's section on external producers.
 */
@ApplicationScoped
public class AnswerRequest {

    private static final Logger LOG = Logger.getLogger(AnswerRequest.class);

    private final Producers producers;
    private final CheckRequest check;
    private final CarryOutRequest carryOut;
    private final RecordRequest record;

    public AnswerRequest(Producers producers, CheckRequest check, CarryOutRequest carryOut, RecordRequest record) {
        this.producers = producers;
        this.check = check;
        this.carryOut = carryOut;
        this.record = record;
    }

    /**
     * @return what became of it, for metrics: {@code accepted}, {@code duplicate}, {@code dead} or an error code
     * @throws RuntimeException if it could neither be answered nor buried: it must be delivered again
     */
    public String answer(RequestMessage message) {
        String user = message.userId();
        Optional<Producer> known = user == null ? Optional.empty() : producers.findByBrokerUser(user);
        if (known.isEmpty()) {
            return bury(
                    message,
                    "UNKNOWN_PRODUCER",
                    user == null
                            ? "the message has no user_id, so nobody vouches for its sender"
                            : "no producer has the broker user " + user);
        }
        Producer producer = known.get();
        String replyTo = message.replyTo();
        if (replyTo != null && !producer.mayBeAnsweredAt(replyTo)) {
            return bury(
                    message,
                    "FORGED_REPLY_TO",
                    "producer " + producer.clientId() + " may be answered at " + producer.replyQueue()
                            + " and queues below it, not at " + replyTo);
        }
        try {
            producers.takeToken(producer.clientId()).ifPresent(wait -> {
                throw RequestRefused.tooMany(producer, wait);
            });
            return outcome(answer(producer, message));
        } catch (ManagerException e) {
            return outcome(refuse(producer, message, e));
        } catch (RuntimeException e) {
            // An answer, too; where even that fails the message goes back to the broker.
            LOG.errorf(e, "A request of %s met what nobody expected", producer.clientId());
            return outcome(refuse(
                    producer,
                    message,
                    new ManagerException(ErrorCode.INTERNAL_SERVER, "an unexpected error occurred", null, e)));
        }
    }

    private Reply answer(Producer producer, RequestMessage message) {
        Checked checked = check.check(producer, message);
        if (checked.kind().isQuery()) {
            check.checkGate(checked);
            Reply reply = carryOut.carryOut(checked, false);
            record.send(producer, message, reply);
            return reply;
        }
        Beginning beginning = record.begin(checked, message);
        Reply before = beginning.reply();
        if (before != null) {
            Reply again = before.again();
            record.send(producer, message, again);
            return again;
        }
        Reply reply;
        try {
            check.checkGate(checked);
            reply = carryOut.carryOut(checked, beginning.repeated());
        } catch (ManagerException e) {
            Reply.Refused refused = RequestRefused.reply(e, message.answeredAs());
            if (refused.retryable()) {
                // Nothing final: the same message may be sent again and is tried again then.
                throw e;
            }
            reply = refused;
        }
        return record.finish(checked, producer, message, reply);
    }

    private Reply refuse(Producer producer, RequestMessage message, ManagerException e) {
        if (e.code() == ErrorCode.INTERNAL_SERVER) {
            LOG.errorf(e, "A request of %s failed: %s", producer.clientId(), e.detail());
        }
        Reply.Refused refused = RequestRefused.reply(e, message.answeredAs());
        record.send(producer, message, refused);
        return refused;
    }

    private String bury(RequestMessage message, String reason, String error) {
        record.bury(message, reason, error);
        return "dead";
    }

    private static String outcome(Reply reply) {
        if (reply.duplicate()) {
            return "duplicate";
        }
        return reply instanceof Reply.Refused refused ? refused.code() : "accepted";
    }
}
