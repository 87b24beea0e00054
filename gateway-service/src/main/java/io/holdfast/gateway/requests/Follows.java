package io.holdfast.gateway.requests;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The executions that producers follow. */
public interface Follows {

    /** How many a producer follows. */
    int count(String clientId);

    /**
     * Begins one; without effect if its key is followed already.
     *
     * @param due when the execution is to start; null: now
     * @param longest given up this long after that
     */
    void add(Followed followed, @Nullable Instant due, Duration longest);

    /** Those that were not looked at for longest, which counts as looking at them now. */
    List<Followed> next(int most);

    /** True if it was there with the status that {@code followed} says: of several gateways one tells the next. */
    boolean told(Followed followed, String status);

    /** As {@link #told}, and nothing more is to be told. */
    boolean end(Followed followed);

    /** Gives up those whose time is over. @return how many */
    int giveUp();
}
