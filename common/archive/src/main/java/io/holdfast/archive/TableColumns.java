package io.holdfast.archive;

import java.util.List;
import java.util.Objects;

/**
 * What a {@code columns.json} says: the columns of a table's rows, in the order of the fields of a row.
 *
 * @param columns never empty
 */
public record TableColumns(String schema, String table, List<Column> columns) {

    /** @param type as PostgreSQL writes it ({@code format_type}) */
    public record Column(String name, String type) {
        public Column {
            Objects.requireNonNull(name);
            Objects.requireNonNull(type);
        }
    }

    public TableColumns {
        Objects.requireNonNull(schema);
        Objects.requireNonNull(table);
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("no columns: " + schema + "." + table);
        }
    }

    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
