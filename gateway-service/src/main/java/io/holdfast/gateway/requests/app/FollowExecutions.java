package io.holdfast.gateway.requests.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.requests.Followed;
import io.holdfast.gateway.requests.Follows;
import io.holdfast.messaging.Wakeups;
import io.holdfast.role.OnlyActive;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Tells producers how the executions do that they follow. It asks for their present state instead of listening to events: so nothing can
 * be told in the wrong order, and an installation in which nobody follows anything does no more than look whether somebody does, in the
 * statement that the process sends anyway.
 */
@ApplicationScoped
public class FollowExecutions {

    private static final Logger LOG = Logger.getLogger(FollowExecutions.class);

    private static final String ANY = "EXISTS (SELECT FROM gateway_control.followed_execution)";

    /** Asked for in one call. */
    private static final int STEP = 500;

    private static final int MOST_STEPS = 10;

    private final Follows follows;
    private final ExecutionStates states;
    private final TellProgress tell;
    private final Wakeups wakeups;
    private final AtomicBoolean any = new AtomicBoolean();
    private volatile boolean failing;

    public FollowExecutions(Follows follows, ExecutionStates states, TellProgress tell, Wakeups wakeups) {
        this.follows = follows;
        this.states = states;
        this.tell = tell;
        this.wakeups = wakeups;
    }

    void start(@Observes StartupEvent start) {
        wakeups.pollAlso("followed executions", ANY, () -> any.set(true));
    }

    @Scheduled(
            identity = "gateway-follow-executions",
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = OnlyActive.class)
    public void followWhenThereAreAny() {
        if (any.getAndSet(false)) {
            follow();
        }
    }

    /** One look at all of them, as far as one look goes. */
    public void follow() {
        try {
            int steps = 0;
            int seen = STEP;
            while (seen == STEP && steps < MOST_STEPS) {
                List<Followed> next = tell.next(STEP);
                seen = next.size();
                steps++;
                if (!next.isEmpty()) {
                    Map<String, Map<String, Object>> now = states.of(next);
                    next.forEach(followed -> {
                        Map<String, Object> execution = now.get(followed.tenantName() + "/" + followed.executionId());
                        if (execution != null) {
                            tell.tell(followed, execution);
                        }
                    });
                }
            }
            tell.giveUp();
            failing = false;
        } catch (ManagerException e) {
            if (!failing) {
                LOG.warnf("Producers are not told how their executions do, trying again: %s", e.detail());
            }
            failing = true;
        }
    }
}
