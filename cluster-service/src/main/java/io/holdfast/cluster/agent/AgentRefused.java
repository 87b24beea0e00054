package io.holdfast.cluster.agent;

import org.jspecify.annotations.Nullable;

/** The agent cannot go on with what it found: the message says what that is, what was expected and what to do. */
public final class AgentRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public AgentRefused(String message) {
        super(message);
    }

    public AgentRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
