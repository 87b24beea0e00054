package io.holdfast.listing;

import java.util.Objects;

/**
 * One response field of an entity.
 *
 * @param name as in the answer
 * @param sql an expression over the entity's FROM clause, written in code, never from input; empty for derived fields
 * @param shown false: it can be filtered by, but is not in the answer
 * @param sorts whether the answer can be sorted by it, if it can be compared at all
 */
record Field(String name, String sql, FieldType type, boolean shown, boolean sorts) {
    Field {
        Objects.requireNonNull(name);
        Objects.requireNonNull(sql);
        Objects.requireNonNull(type);
    }
}
