package io.holdfast.messaging;

/** Runs work in a transaction of its own. A port, so that the inbox can be tried without a container. */
interface Transactions {

    /** Commits when {@code work} returns, rolls back and rethrows when it throws. */
    void inNew(Runnable work);
}
