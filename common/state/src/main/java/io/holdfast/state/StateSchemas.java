package io.holdfast.state;

import java.util.List;
import java.util.Map;

/**
 * The names that the three state schemas go by: the live ones, or a copy of them under a suffix. Names are ours, never input; they
 * are safe to put into SQL.
 *
 * @param access owned by the gateway-service
 * @param inventory owned by the inventory-service
 * @param scheduler owned by the scheduler-service
 */
public record StateSchemas(String access, String inventory, String scheduler) {

    /** What the services read and write. */
    public static final StateSchemas LIVE = new StateSchemas("access", "inventory", "scheduler");

    /** Where a restore builds the state before the swap. */
    public static final StateSchemas STAGING = withSuffix("_restoring");

    /** What was live before the last restore: its undo point. */
    public static final StateSchemas BEFORE = withSuffix("_before");

    public StateSchemas {
        for (String name : List.of(access, inventory, scheduler)) {
            if (!name.matches("[a-z][a-z_]{1,50}")) {
                throw new IllegalArgumentException("not a schema name of ours: " + name);
            }
        }
    }

    /** The same three schemas, each with {@code suffix}, for example {@code _restoring}. */
    public static StateSchemas withSuffix(String suffix) {
        return new StateSchemas("access" + suffix, "inventory" + suffix, "scheduler" + suffix);
    }

    /** In the order in which they are built. */
    public List<String> all() {
        return List.of(access, inventory, scheduler);
    }

    /**
     * The name in this set of a schema that goes by {@code liveName} when live.
     *
     * @throws IllegalArgumentException if it is none of the three
     */
    public String of(String liveName) {
        return switch (liveName) {
            case "access" -> access;
            case "inventory" -> inventory;
            case "scheduler" -> scheduler;
            default -> throw new IllegalArgumentException("not a state schema: " + liveName);
        };
    }

    Map<String, String> placeholders() {
        return Map.of("access", access, "inventory", inventory, "scheduler", scheduler);
    }
}
