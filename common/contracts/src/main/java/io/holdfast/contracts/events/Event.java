package io.holdfast.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/**
 * A fact that happened, or a command to one service. The wire name and routing key are written by hand and never derived from the
 * class; fields may be added, meaning never changes.
 */
public interface Event {

    /** Wire name with major version, for example {@code snapshot.created.v1}. */
    @JsonIgnore
    String type();

    /** The thing that it is about: an execution, snapshot or restore id. */
    @JsonIgnore
    String subject();

    /** The tenant that it belongs to, or null where it concerns the whole manager. */
    @JsonIgnore
    default @Nullable String tenant() {
        return null;
    }

    /** Where it goes: {@link #EVENTS} for facts, {@link #COMMANDS} for commands. */
    @JsonIgnore
    default String exchange() {
        return EVENTS;
    }

    /** Facts: type, then tenant or {@code _}. Commands override it with {@code <service>.<aggregate>.<verb>}. */
    @JsonIgnore
    default String routingKey() {
        String tenant = tenant();
        return type() + "." + (tenant == null ? "_" : tenant);
    }

    /** Topic exchange of facts. */
    String EVENTS = "holdfast.events";

    /** Topic exchange of commands. */
    String COMMANDS = "holdfast.commands";

    /** Topic exchange of requests from outside: the only one that external producers may write. */
    String REQUESTS = "holdfast.requests";
}
