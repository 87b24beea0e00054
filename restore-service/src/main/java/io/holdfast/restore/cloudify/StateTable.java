package io.holdfast.restore.cloudify;

import java.util.List;

/** A state table and those of its columns that an archive fills, in the order in which a mapping gives their values. */
record StateTable(String schema, String name, List<String> columns) {

    StateTable {
        columns = List.copyOf(columns);
    }

    static StateTable of(String schema, String name, String... columns) {
        return new StateTable(schema, name, List.of(columns));
    }

    /** {@code schema.table} under the live names. */
    String qualifiedName() {
        return schema + "." + name;
    }
}
