package io.holdfast.cluster.postgres;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change that only the losing node had.
 *
 * @param timeline that the transaction was committed on
 * @param xid of the transaction, 32 bits
 * @param before what the log has of the row before: for a DELETE the key, for an UPDATE the key if it changed; or all columns, with
 *     REPLICA IDENTITY FULL. Empty where it has nothing
 * @param after the whole row, for INSERT, UPDATE and ROW
 */
public record SalvagedChange(
        long timeline, long xid, String schema, String table, Kind kind, List<Column> before, List<Column> after) {

    public enum Kind {
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE,
        /** Found in the table, without the log's word for it: inserted or updated. */
        ROW
    }

    /**
     * @param type as PostgreSQL prints it
     * @param value as PostgreSQL prints it; null for NULL
     * @param known false for a big value that an update left as it was: the log does not have it
     */
    public record Column(String name, String type, @Nullable String value, boolean known) {
        public Column {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(type, "type");
        }
    }

    public SalvagedChange {
        Objects.requireNonNull(kind, "kind");
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
