package io.holdfast.listing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Summaries that look at many rows, with the state of all rows that they were made of: right as long as the state is the same, which who
 * uses them must ask for each time. Thread-safe; forgets what is asked for least, and keeps none of many groups.
 */
final class Remembered {

    private static final int SUMMARIES = 32;
    private static final int GROUPS = ListRequest.DEFAULT_SIZE;

    /**
     * @param state of all rows when it was made
     * @param numbers the ids of the numbers of rows that there were then; empty: what has changed since cannot be told
     */
    record Made(ObjectNode answer, String state, Set<Long> numbers) {
        Made {
            answer = answer.deepCopy();
            numbers = Set.copyOf(numbers);
        }

        /** The caller's own copy. */
        @Override
        public ObjectNode answer() {
            return answer.deepCopy();
        }
    }

    private final Map<Object, Made> summaries = new RecentlyUsed<>(SUMMARIES);

    /** What was made last. @param summary tells summaries with other answers apart */
    Optional<Made> last(Object summary) {
        synchronized (summaries) {
            return Optional.ofNullable(summaries.get(summary));
        }
    }

    /** @param groups how many the answer has */
    void add(Object summary, Made made, int groups) {
        if (groups > GROUPS) {
            return;
        }
        synchronized (summaries) {
            summaries.put(summary, made);
        }
    }
}
