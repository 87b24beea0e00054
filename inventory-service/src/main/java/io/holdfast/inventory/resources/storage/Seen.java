package io.holdfast.inventory.resources.storage;

import io.holdfast.http.CallerIdentity;
import org.jspecify.annotations.Nullable;

/** What a caller sees of a table that things of tenants stand in. Source: cloudify-api section 1.4. */
public final class Seen {

    /** The row of an id: of the tenant first, else a global one. Its parameters are {@link #of}. */
    public static final String ONE = one("id");

    private Seen() {}

    /** As {@link #ONE}. @param idColumn what the API calls the id */
    static String one(String idColumn) {
        return " WHERE " + idColumn
                + " = ? AND (visibility = 'global' OR tenant_name = ? AND (visibility <> 'private' OR ?"
                + " OR created_by = ?)) ORDER BY tenant_name = ? DESC LIMIT 1";
    }

    public static @Nullable Object[] of(String id, CallerIdentity caller) {
        return new @Nullable Object[] {id, caller.tenant(), caller.seesPrivate(), caller.username(), caller.tenant()};
    }
}
