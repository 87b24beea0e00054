package io.holdfast.cluster.election;

import java.util.List;

/** What an event led to. @param actions to be carried out in this order */
public record Step(State state, List<Action> actions) {
    public Step {
        actions = List.copyOf(actions);
    }
}
