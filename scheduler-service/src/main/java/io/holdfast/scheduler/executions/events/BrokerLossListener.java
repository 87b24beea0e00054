package io.holdfast.scheduler.executions.events;

import io.holdfast.messaging.BrokerRebuilt;
import io.holdfast.scheduler.SchedulerMessaging;
import io.holdfast.scheduler.executions.app.SendStartAgain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.jboss.logging.Logger;

/** A broker that lost its queues has lost start commands; they are made again from the executions that wait for a worker. */
@ApplicationScoped
public class BrokerLossListener {

    private static final Logger LOG = Logger.getLogger(BrokerLossListener.class);

    private final SendStartAgain start;

    BrokerLossListener(SendStartAgain start) {
        this.start = start;
    }

    void rebuilt(@Observes BrokerRebuilt rebuilt) {
        if (!rebuilt.service().equals(SchedulerMessaging.SERVICE)) {
            return;
        }
        int steps = 0;
        List<Long> last = start.all(0);
        while (!last.isEmpty()) {
            steps++;
            last = start.all(last.get(0));
        }
        LOG.infof("The broker lost its data: start commands of pending executions are sent again, in %s steps", steps);
    }
}
