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
            if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
                throw new IllegalArgumentException("no name of a column: " + name.replaceAll("\\p{Cntrl}", "?"));
            }
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
        if (columns.stream().map(Column::name).distinct().count() < columns.size()) {
            throw new IllegalArgumentException("a column comes twice: " + schema + "." + table);
        }
    }

    public List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
