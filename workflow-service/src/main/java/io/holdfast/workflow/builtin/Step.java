package io.holdfast.workflow.builtin;

import java.util.ArrayList;
import java.util.List;

/** One thing that a workflow does. */
public sealed interface Step {

    /** Whether it counts as one of the execution's operations: in the product, what has a place in the tasks graph. */
    default boolean isTask() {
        return !(this instanceof Log);
    }

    /** An event of an instance. */
    record Say(Instance about, String message) implements Step {}

    /**
     * Steps that belong together begin or have ended, which the journal says.
     *
     * @param name such as {@code install_web_1}
     */
    record Part(String name, boolean ended) implements Step {

        /** It has a beginning and an end, and is one of the operations. */
        @Override
        public boolean isTask() {
            return ended;
        }

        static List<Step> of(String name, List<Step> steps) {
            if (steps.isEmpty()) {
                return List.of();
            }
            List<Step> part = new ArrayList<>(List.of(new Part(name, false)));
            part.addAll(steps);
            part.add(new Part(name, true));
            return part;
        }
    }

    /** A line of the log. @param level such as {@code info} */
    record Log(String level, String message) implements Step {}

    record SetState(Instance of, String state) implements Step {}

    /**
     * An operation that has something to do.
     *
     * @param name in full, such as {@code cloudify.interfaces.lifecycle.create}
     * @param failureIgnored whether the workflow goes on when it fails
     */
    record Run(Instance on, String name, Operation operation, boolean failureIgnored) implements Step {}
}
