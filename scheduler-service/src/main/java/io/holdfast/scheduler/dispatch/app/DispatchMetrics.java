package io.holdfast.scheduler.dispatch.app;

import io.holdfast.scheduler.dispatch.app.ClaimDue.Batch;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What can be measured of dispatching. Names are documented in docs/dispatch.md. */
@ApplicationScoped
public class DispatchMetrics {

    private final MeterRegistry registry;
    private final Timer lateness;

    DispatchMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.lateness = Timer.builder("holdfast.dispatch.lateness")
                .description("how late the one that was due longest was in each claim")
                .serviceLevelObjectives(
                        Duration.ofMillis(10),
                        Duration.ofMillis(50),
                        Duration.ofMillis(250),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1))
                .register(registry);
    }

    /** One value for each claim, not for each execution: alone it is that execution's, in a crowd it is the worst of them. */
    void claimed(Batch batch) {
        registry.counter("holdfast.dispatch.claimed", "outcome", "handed_out").increment(batch.handedOut());
        registry.counter("holdfast.dispatch.claimed", "outcome", "held_back")
                .increment(batch.taken() - batch.handedOut());
        batch.lateness().ifPresent(lateness::record);
    }
}
