package io.holdfast.state;

/**
 * A table that an archive carries as rows.
 *
 * @param schema its live schema name
 * @param table its name there
 * @param hasStorageId whether {@code storage_id} gives its order of insertion; link tables have none
 */
public record StateSection(String schema, String table, boolean hasStorageId) {

    /** {@code schema.table} under the names of {@code schemas}. */
    public String in(StateSchemas schemas) {
        return schemas.of(schema) + "." + table;
    }
}
