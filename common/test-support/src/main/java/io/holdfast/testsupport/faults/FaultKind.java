package io.holdfast.testsupport.faults;

import java.time.Duration;

/** What is done to a cluster. Each is taken back after a while; then the cluster must get whole again by itself. */
public enum FaultKind {
    NODE_KILL("SIGKILL to all processes of the active node", true, 2_500),
    POSTGRES_KILL("SIGKILL to the active's postmaster", true, 1_500),
    AGENT_KILL("SIGKILL to the active's agent; its PostgreSQL lives", true, 2_000),
    NODE_PAUSE("SIGSTOP to all processes of the active node", true, 3_000),
    POSTGRES_PAUSE("SIGSTOP to the active's PostgreSQL", true, 3_000),
    AGENT_PAUSE("SIGSTOP to the active's agent; its PostgreSQL works", true, 3_000),
    PARTITION("silent partition of the active", true, 3_000),
    DEAF_ACTIVE("the active sends, and what is sent to it vanishes", true, 3_000),
    MUTE_ACTIVE("the active receives, and what it sends vanishes", true, 3_000),
    DISK_FULL("the active's disk is full", true, 3_000),
    SWITCHOVER("planned hand-over to a standby", true, 500),
    PARTIAL_PARTITION("the active and one standby do not reach each other", false, 3_000),
    STANDBY_KILL("SIGKILL to all processes of a standby", false, 2_500),
    STANDBY_PARTITION("silent partition of a standby", false, 3_000),
    WITNESS_KILL("SIGKILL to all processes of the witness", false, 2_500),
    FLAP("silent partition of the active for 350 ms", false, 350),
    SHORT_PAUSE("SIGSTOP to the active node for 300 ms", false, 300),
    LOSS("5 % of all packets lost", false, 4_000);

    private final String description;
    private final boolean interrupts;
    private final Duration lasts;

    FaultKind(String description, boolean interrupts, long millis) {
        this.description = description;
        this.interrupts = interrupts;
        this.lasts = Duration.ofMillis(millis);
    }

    public String description() {
        return description;
    }

    /** Whether another node may become active; in the other kinds that is a failure of its own. */
    public boolean interrupts() {
        return interrupts;
    }

    /** Until it is taken back. */
    public Duration lasts() {
        return lasts;
    }
}
