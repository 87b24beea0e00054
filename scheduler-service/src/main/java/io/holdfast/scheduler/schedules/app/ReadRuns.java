package io.holdfast.scheduler.schedules.app;

import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.ScheduleRun;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The history of a schedule's occurrences. */
@ApplicationScoped
public class ReadRuns {

    private final Schedules schedules;

    ReadRuns(Schedules schedules) {
        this.schedules = schedules;
    }

    /** @param total how many there are without size and offset */
    public record Page(List<ScheduleRun> runs, long total) {}

    /** @param outcome null: any */
    @Transactional
    public Page of(Schedule.Key key, @Nullable String outcome, int size, int offset) {
        if (schedules.find(key).isEmpty()) {
            throw KeepSchedule.notFound(key);
        }
        ScheduleRun.Outcome only = outcome == null ? null : ScheduleRun.Outcome.of(outcome);
        return new Page(schedules.runs(key, only, size, offset), schedules.countRuns(key, only));
    }
}
