package io.holdfast.restore.loading.storage;

/** Names and definitions in SQL. */
public final class Sql {

    private Sql() {}

    /** A quoted identifier: the names of columns come out of archives. */
    public static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /**
     * What tells how a key is defined, with the options of its index, which {@code pg_get_constraintdef} leaves out.
     *
     * @param constraint alias of its row in {@code pg_constraint}
     * @param index alias of its index's row in {@code pg_class}
     */
    public static String keyDefinition(String constraint, String index) {
        return "pg_get_constraintdef(" + constraint + ".oid) || coalesce(' WITH (' || array_to_string(" + index
                + ".reloptions, ', ') || ')', '')";
    }
}
