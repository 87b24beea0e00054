package io.holdfast.inventory.resources.rest;

import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CallerIdentity;
import io.holdfast.inventory.directory.app.Directory;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Who made a thing and when, where a request says so: for administrators only. Null: it says nothing. */
public record Origin(@Nullable String createdBy, @Nullable Instant createdAt) {

    /** @throws ManagerException {@code forbidden_error}, {@code bad_parameters_error} */
    public static Origin of(
            @Nullable String createdBy, @Nullable String createdAt, Directory directory, CallerIdentity caller) {
        return new Origin(user(createdBy, directory, caller), time(createdAt, caller));
    }

    /** For lists whose items each name their maker: looks each of them up once. As {@link #of}, with a maker only. */
    public static UnaryOperator<@Nullable String> owners(Directory directory, CallerIdentity caller) {
        Map<String, String> known = new HashMap<>();
        return name -> name == null || name.isEmpty()
                ? null
                : known.computeIfAbsent(name, one -> Objects.requireNonNull(user(one, directory, caller)));
    }

    private static @Nullable String user(@Nullable String name, Directory directory, CallerIdentity caller) {
        if (name == null || name.isEmpty()) {
            return null;
        }
        Rights.require("set_owner", caller);
        if (!directory.hasUser(name)) {
            throw new ManagerException(ErrorCode.BAD_PARAMETERS, "User " + name + " does not exist.", null);
        }
        return name;
    }

    private static @Nullable Instant time(@Nullable String time, CallerIdentity caller) {
        if (time == null || time.isEmpty()) {
            return null;
        }
        Rights.require("set_timestamp", caller);
        try {
            return ApiTime.parse(time);
        } catch (DateTimeParseException e) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "created_at is `" + time + "`, expected a time such as 2026-01-31T12:00:00.000Z",
                    null,
                    e);
        }
    }
}
