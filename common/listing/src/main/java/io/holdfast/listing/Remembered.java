package io.holdfast.listing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Summaries that look at many rows, with the state of all rows that they were made of: right as long as the state is the same, which who
 * uses them must ask for each time. Thread-safe; forgets what is asked for least, and keeps none of many groups.
 */
final class Remembered {

    private static final int SUMMARIES = 32;
    private static final int GROUPS = ListRequest.DEFAULT_SIZE;

    private record Made(ObjectNode answer, String state) {}

    private final Map<Object, Made> summaries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Made> eldest) {
            return size() > SUMMARIES;
        }
    };

    /** @param summary tells summaries with other answers apart */
    boolean knows(Object summary) {
        synchronized (summaries) {
            return summaries.containsKey(summary);
        }
    }

    /** The answer, if it was made of rows in this state. The caller's own copy. */
    Optional<ObjectNode> of(Object summary, String state) {
        Made made;
        synchronized (summaries) {
            made = summaries.get(summary);
        }
        return made == null || !made.state().equals(state)
                ? Optional.empty()
                : Optional.of(made.answer().deepCopy());
    }

    /** @param groups how many the answer has */
    void add(Object summary, ObjectNode answer, int groups, String state) {
        if (groups > GROUPS) {
            return;
        }
        Made made = new Made(answer.deepCopy(), state);
        synchronized (summaries) {
            summaries.put(summary, made);
        }
    }
}
