package io.holdfast.listing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Up to which id the rows of a table that only grows are complete. Ids are given out in order but rows are committed in any: whoever
 * follows a table by its ids and looks no further than this misses none. Thread-safe.
 *
 * <p>The greatest id seen at one time counts once every transaction that was running then has ended: later ones get greater ids. So the
 * horizon is behind by one look, and stands still while a transaction stays open. Source: PostgreSQL manual, functions on transaction
 * ids and snapshots.
 */
public final class StableHorizon {

    /** An id is drawn a moment before its transaction gets an id of its own. */
    private static final long SETTLED_NANOS = Duration.ofMillis(100).toNanos();

    private final DataSource dataSource;
    private final String sql;
    private final String givenSql;
    private long stable = -1;
    private long seen;
    private long seenBefore;
    private long seenAtNanos;

    /** @param idColumn drawn from a sequence without a cache; needs an index */
    public StableHorizon(DataSource dataSource, String table, String idColumn) {
        this.dataSource = dataSource;
        // A snapshot's upper bound is no more than what has ended. The id that is given out next is told by an age
        // only, in 32 bits.
        this.sql = "SELECT o.running, o.running + ((age('3'::xid)::bigint + 3 - o.running) & 4294967295),"
                + " (SELECT coalesce(max(" + idColumn + "), 0) FROM " + table + ")"
                + " FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS running) o";
        this.givenSql = "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('" + table + "', '" + idColumn
                + "')::regclass), 0)";
    }

    /**
     * The greatest id that was given out so far, whether or not its row is there: later rows get greater ones. It goes back only where a
     * restore has put another table in the place of this one, and so an id above it is of that former table.
     */
    public long given() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(givenSql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read which ids were given out: " + e.getMessage(), e);
        }
    }

    /**
     * The greatest id up to which nothing is missing any more; zero for an empty table, and at the first look, which has nothing to
     * compare with. Less than before only where the greatest rows were deleted, or a restore has put another table in the place.
     */
    public synchronized long upTo() {
        boolean first = stable < 0;
        if (!first && System.nanoTime() - seenAtNanos < SETTLED_NANOS) {
            return stable; // many ask, and the answer would not change it yet
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            long oldestRunning = row.getLong(1);
            long next = row.getLong(2);
            long greatest = row.getLong(3);
            boolean settled = oldestRunning >= seenBefore;
            if (first) {
                stable = 0;
            } else if (settled) {
                stable = seen;
            }
            if (first || settled) {
                seen = greatest;
                seenBefore = next;
                seenAtNanos = System.nanoTime();
            }
            return stable;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the horizon: " + e.getMessage(), e);
        }
    }
}
