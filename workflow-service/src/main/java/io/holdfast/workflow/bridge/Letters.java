package io.holdfast.workflow.bridge;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What is on its way to attached workers and listeners. */
public interface Letters {

    /** The channel on which the database says that a letter was written; the payload says nothing. */
    String NOTIFY_CHANNEL = "holdfast_bridge_letter";

    /** Joins the transaction at hand. */
    void append(Letter letter);

    /** The execution was taken by a worker, or ended: its start need not be published again, whatever happens to the broker. */
    void settled(String tenantName, String executionId);

    /** Gives a letter to the broker. */
    @FunctionalInterface
    interface Postman {

        /** Null when the broker has taken it, else what it had against it. What it throws means: not now, none of them. */
        @Nullable
        String post(Letter letter) throws IOException, TimeoutException, InterruptedException;
    }

    /**
     * Has what is due posted, oldest first, each in a transaction of its own. What is not taken is tried again later and holds up no
     * other. Returns how many were looked at, at most {@code limit}.
     */
    int deliver(int limit, Postman postman) throws IOException, TimeoutException, InterruptedException;

    /** The broker has lost its data: starts that no worker has taken are due again. Returns how many. */
    int startAgain();
}
