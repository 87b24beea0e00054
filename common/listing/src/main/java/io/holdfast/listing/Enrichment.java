package io.holdfast.listing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Sets derived fields on a whole page with a constant number of statements, so that a list is never one query a row. */
@FunctionalInterface
public interface Enrichment {

    /** @param rows never empty; all of them show at least one of the fields that this enrichment was declared for */
    void fill(Connection connection, List<Row> rows) throws SQLException;
}
