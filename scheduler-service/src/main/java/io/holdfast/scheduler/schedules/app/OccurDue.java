package io.holdfast.scheduler.schedules.app;

import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.scheduler.executions.DeploymentFacts;
import io.holdfast.scheduler.executions.Deployments;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.zone.ZoneRulesProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has decided on what is due, schedule by schedule, each in a transaction of its own. What it needs to know of a deployment it asks for
 * before it locks anything.
 */
@ApplicationScoped
public class OccurDue {

    private static final Logger LOG = Logger.getLogger(OccurDue.class);
    private static final int BATCH = 200;

    private final Schedules schedules;
    private final Deployments deployments;
    private final DecideOccurrences decide;

    OccurDue(Schedules schedules, Deployments deployments, DecideOccurrences decide) {
        this.schedules = schedules;
        this.deployments = deployments;
        this.decide = decide;
    }

    /** Version of the time zone data of this JVM. */
    static String tzdbVersion() {
        return ZoneRulesProvider.getVersions("UTC").lastKey();
    }

    /**
     * @param found schedules with something due
     * @param decided those of them that were decided on here
     * @param undecided some could not be decided on and will be tried again
     */
    record Round(int found, int decided, boolean undecided) {}

    /** What is asked for once in a round; a refusal is kept, too. */
    private record Asked(@Nullable DeploymentFacts facts, boolean unavailable) {}

    Round round() {
        List<Schedule.Key> due = schedules.due(tzdbVersion(), BATCH);
        Map<String, Asked> asked = new HashMap<>();
        int decided = 0;
        boolean undecided = false;
        for (Schedule.Key key : due) {
            Asked answer = asked.computeIfAbsent(key.tenantName() + "/" + key.deploymentId(), any -> ask(key));
            if (answer.unavailable()) {
                undecided = true;
                continue;
            }
            try {
                decided += decide.decide(key, Optional.ofNullable(answer.facts())) ? 1 : 0;
            } catch (RuntimeException e) {
                undecided = true;
                LOG.errorf(
                        e,
                        "Schedule %s of deployment %s in tenant %s cannot be followed, trying again",
                        key.id(),
                        key.deploymentId(),
                        key.tenantName());
            }
        }
        return new Round(due.size(), decided, undecided);
    }

    Duration untilNext(Duration longest) {
        return schedules
                .untilNext()
                .filter(sleep -> sleep.compareTo(longest) < 0)
                .orElse(longest);
    }

    private Asked ask(Schedule.Key key) {
        try {
            return new Asked(
                    deployments.find(key.tenantName(), key.deploymentId()).orElse(null), false);
        } catch (ManagerException e) {
            LOG.warnf(
                    "Deployment %s in tenant %s cannot be looked at, its schedules wait: %s",
                    key.deploymentId(), key.tenantName(), e.detail());
            return new Asked(null, true);
        }
    }
}
