package io.holdfast.inventory.labels.storage;

/** The labels of a row as JSON, in the order in which they were set. */
public final class Labels {

    private Labels() {}

    /**
     * @param table with columns key, value, created_at, created_by
     * @param owner its column that names the labelled row {@code e}
     */
    public static String of(String table, String owner) {
        return """
                (SELECT coalesce(jsonb_agg(jsonb_build_object('key', l.key, 'value', l.value, 'created_by', l.created_by,
                        'created_at', to_char(l.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                        ORDER BY l.storage_id), '[]'::jsonb)
                 FROM %s l WHERE l.tenant_name = e.tenant_name AND l.%s = e.id)""".formatted(table, owner);
    }
}
