package io.holdfast.gateway.access.storage;

import io.holdfast.gateway.access.PermissionStore;
import io.holdfast.gateway.access.Permissions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The permission table, read at most once a second: it is asked for with every request and changes hardly ever. */
@ApplicationScoped
public class PgPermissionStore implements PermissionStore {

    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Jdbc jdbc;
    private final Clock clock;
    private volatile @Nullable Cached cached;

    public PgPermissionStore(Jdbc jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    private record Cached(Permissions permissions, Instant until) {}

    @Override
    public Permissions current() {
        Instant now = clock.instant();
        Cached known = cached;
        if (known != null && now.isBefore(known.until())) {
            return known.permissions();
        }
        Permissions read = new Permissions(jdbc.list(
                "SELECT role, permission FROM access.permissions",
                row -> new Permissions.Grant(row.getString("role"), row.getString("permission"))));
        cached = new Cached(read, now.plus(FRESH));
        return read;
    }

    @Override
    public void changed() {
        cached = null;
    }
}
