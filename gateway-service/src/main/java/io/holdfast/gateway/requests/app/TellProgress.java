package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.requests.Reply;
import io.holdfast.gateway.GatewayMessaging;
import io.holdfast.gateway.requests.Followed;
import io.holdfast.gateway.requests.Follows;
import io.holdfast.gateway.requests.RequestRefused;
import io.holdfast.messaging.OfService;
import io.holdfast.messaging.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What was told of a followed execution is written down in the transaction of the reply that tells it: once, whoever does it. */
@ApplicationScoped
public class TellProgress {

    private static final Logger LOG = Logger.getLogger(TellProgress.class);

    private static final String STARTED = "started";
    private static final Set<String> ENDS = Set.of("terminated", "failed", "cancelled");

    private final Follows follows;
    private final Outbox outbox;

    public TellProgress(Follows follows, @OfService(GatewayMessaging.SERVICE) Outbox outbox) {
        this.follows = follows;
        this.outbox = outbox;
    }

    @Transactional
    List<Followed> next(int most) {
        return follows.next(most);
    }

    /** @param execution as the manager API shows it */
    @Transactional
    void tell(Followed followed, Map<String, Object> execution) {
        String status = String.valueOf(execution.get("status"));
        if (ENDS.contains(status)) {
            if (follows.end(followed)) {
                send(followed, status, execution.get("ended_at"), execution.get("error"));
            }
        } else if (status.equals(STARTED)
                && !followed.toldStatus().equals(STARTED)
                && follows.told(followed, STARTED)) {
            send(followed, STARTED, execution.get("started_at"), null);
        }
    }

    @Transactional
    void giveUp() {
        int givenUp = follows.giveUp();
        if (givenUp > 0) {
            LOG.infof("%d executions are followed no more: they did not end in time", givenUp);
        }
    }

    private void send(Followed followed, String status, @Nullable Object at, @Nullable Object error) {
        Reply.Progress progress = new Reply.Progress(
                followed.executionId(),
                status,
                String.valueOf(at),
                error == null ? null : RequestRefused.printable(error.toString()),
                false);
        outbox.appendReply(
                progress.type(), followed.replyTo(), followed.key().clientId(), null, followed.answeredAs(), progress);
    }
}
