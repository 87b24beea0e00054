package io.holdfast.listing;

/** How a field's SQL value becomes JSON, and what can be done with it in a request. */
public enum FieldType {
    TEXT,
    INTEGER,
    REAL,
    BOOLEAN,
    /** A timestamptz, shown as {@link io.holdfast.http.ApiTime}. */
    TIME,
    /** A json or jsonb, passed through as PostgreSQL prints it; neither filtered nor sorted by. */
    JSON,
    /** Not from SQL: null until an {@link Enrichment} or the caller sets it; neither filtered nor sorted by. */
    DERIVED;

    boolean comparable() {
        return this != JSON && this != DERIVED;
    }
}
