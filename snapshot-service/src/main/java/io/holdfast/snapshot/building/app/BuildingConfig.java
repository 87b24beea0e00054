package io.holdfast.snapshot.building.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** How archives are built. */
@ConfigMapping(prefix = "holdfast.snapshot.building")
public interface BuildingConfig {

    /**
     * Connections and threads that export at once. Default: half of the cores, at least one. More are faster and disturb writers more:
     * on two cores one worker is 7 % slower than two, and writers' 99th percentile is a third.
     */
    OptionalInt workers();

    /** How often a build says that it lives. */
    @WithDefault("2s")
    Duration heartbeat();

    /** Silence after which a build is presumed dead and taken over. At least five heartbeats; checked at startup. */
    @WithDefault("30s")
    Duration staleAfter();

    /** Builds of one snapshot before it fails: a second one for builds whose process died, not for those that failed. */
    @WithDefault("2")
    int attempts();

    /**
     * How often the catalogue is looked at for work that nobody was woken for. A safety net below the poll of
     * {@code holdfast.messaging.poll-interval}, which finds it sooner, and claims that have no heartbeat as well.
     */
    @WithDefault("5m")
    Duration poll();

    /** Whether archives carry {@code blueprints/}: extracted copies for people. */
    @WithDefault("true")
    boolean extractedBlueprints();
}
