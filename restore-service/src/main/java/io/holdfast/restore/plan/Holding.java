package io.holdfast.restore.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that a clean manager does not hold.
 *
 * @param what singular, for people: {@code deployment}
 * @param tenantName null for what belongs to no tenant
 */
public record Holding(String what, @Nullable String tenantName, long count) {

    public Holding {
        Objects.requireNonNull(what);
    }

    /** For example {@code 3 deployments in tenant default_tenant}. */
    public String text() {
        String things =
                count == 1 ? what : what.endsWith("y") ? what.substring(0, what.length() - 1) + "ies" : what + "s";
        return count + " " + things + (tenantName == null ? "" : " in tenant " + tenantName);
    }
}
