package io.holdfast.restore.loading.storage;

/** Names in SQL. */
final class Sql {

    private Sql() {}

    /** A quoted identifier: the names of columns come out of archives. */
    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
