package io.holdfast.scheduler.schedules.app;

import io.holdfast.scheduler.schedules.Preview;
import io.holdfast.scheduler.schedules.Schedule;
import io.holdfast.scheduler.schedules.Schedules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says when a schedule will occur, stored or not. */
@ApplicationScoped
public class PreviewSchedule {

    private static final int MOST = 1_000;

    private final Schedules schedules;

    PreviewSchedule(Schedules schedules) {
        this.schedules = schedules;
    }

    /** @param body a rule with its zone and policies as a schedule has them, {@code next} (default 10) and {@code after} (default now) */
    @Transactional
    public List<Preview> of(ScheduleBody body) {
        Instant now = schedules.now();
        Instant after = body.time("after");
        return Preview.of(body.previewTiming(now), after == null ? now : after, next(body));
    }

    /** @param next within the bounds that a body's has; null for the same default */
    @Transactional
    public List<Preview> of(Schedule.Key key, @Nullable Integer next) {
        Schedule schedule = schedules.find(key).orElseThrow(() -> KeepSchedule.notFound(key));
        int count = next(ScheduleBody.of(next == null ? Map.of() : Map.of("next", next)));
        return Preview.of(schedule.timing(), schedules.now(), count);
    }

    private static int next(ScheduleBody body) {
        return body.number("next", 10, 1, MOST);
    }
}
