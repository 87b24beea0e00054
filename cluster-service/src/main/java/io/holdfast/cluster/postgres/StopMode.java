package io.holdfast.cluster.postgres;

/** How a server ends. */
public enum StopMode {
    /**
     * Sessions are broken off, a shutdown checkpoint is written. On an active that is one record after the point where its successor
     * takes over, so the node must be rewound before it follows.
     */
    FAST,
    /** As after a crash: nothing more is written, so that a node that ends so may follow a successor without a rewind. */
    IMMEDIATE,
    /** SIGKILL to all of its processes, also where they are stopped or hang. */
    KILL
}
