package io.holdfast.gateway.requests;

import java.util.List;

/** The broker's own users, by which it knows producers; one implementation a way to get at them. */
public interface BrokerUsers {

    /** Whether this is the way for the broker in use. The first that says so is taken. */
    boolean isResponsible();

    /** For people and programs: {@code management}, {@code embedded} or {@code manual}. */
    String name();

    /**
     * Makes the user, or gives the one there is this password and these rights.
     *
     * @return what is left for an operator to do, as commands; empty where all is done
     * @throws io.holdfast.contracts.errors.ManagerException {@code conflict_error} if there is a user of that name that is no
     *     producer
     */
    List<String> put(Producer producer, String password);

    /** As {@link #put}, but with a new password only. */
    List<String> changePassword(Producer producer, String password);

    /** Removes the user, and with it its connections. */
    List<String> remove(Producer producer);
}
